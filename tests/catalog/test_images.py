"""Only pictures come in, nothing hidden stays in them, and pages get the sizes they name."""

import struct
import zlib

import pytest
from django.core.files.storage import default_storage
from PIL import Image as Pillow

from catalog.models import Image
from catalog.queries.pictures import picture_of
from catalog.services import images
from catalog.services.images import PictureRefused
from tests.catalog.paint import opened, painted, saved
from tests.factories import ImageFactory, ProductFactory

GPS, ORIENTATION = 0x8825, 0x0112
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _waiting(**more):
    return ImageFactory(file="", **more)


def _png_claiming(width, height):
    """A PNG of a few bytes that says it is enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + kind + body
        chunks += struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF", "GIF"])
def test_takes_five_formats_told_by_content(form):
    found = images.inspect(painted(30, 40, form=form))

    assert (found.format, found.width, found.height) == (form, 30, 40)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (SVG, "This is not a PNG, JPEG, WebP, AVIF or GIF picture."),
        (b"", "This is not a PNG, JPEG, WebP, AVIF or GIF picture."),
        (b"%PDF-1.7 ...", "This is not a PNG, JPEG, WebP, AVIF or GIF picture."),
        (b"<html>not found</html>", "This is not a PNG, JPEG, WebP, AVIF or GIF picture."),
        (b"\x89PNG\r\n\x1a\n" + bytes(10_000_000), "The picture is larger than 10 MB."),
        (_png_claiming(9000, 9000), "The picture has more than 40 million pixels."),
        (_png_claiming(60000, 60000), "The picture has more than 40 million pixels."),
    ],
)
def test_refuses_everything_else_in_a_sentence(data, sentence):
    with pytest.raises(PictureRefused) as refusal:
        images.inspect(data)

    assert refusal.value.message == sentence


def test_refuses_other_formats_pillow_could_read():
    with pytest.raises(PictureRefused):
        images.inspect(painted(20, 20, form="TIFF"))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_refuses_a_damaged_picture(form):
    data = painted(600, 600, form=form)

    with pytest.raises(PictureRefused):
        images.normalise(data[: len(data) // 2])


def test_turns_the_picture_upright_and_forgets_where_it_was_taken():
    exif = Pillow.Exif()
    exif[ORIENTATION] = 6
    exif[GPS] = {1: "N", 2: (52.0, 30.0, 0.0)}

    normal = opened(images.normalise(painted(400, 200, exif=exif)))

    assert normal.size == (200, 400)
    assert not normal.getexif()
    assert normal.convert("RGB").getpixel((100, 20))[0] > 200
    assert normal.convert("RGB").getpixel((100, 380))[2] > 200


def test_a_page_hidden_in_a_picture_is_gone():
    polyglot = painted(50, 50, form="PNG") + b"<script>alert(1)</script>"

    assert b"script" not in images.normalise(polyglot)


def test_keeps_what_one_can_see_through():
    picture = Pillow.new("RGBA", (40, 40), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (20, 0, 40, 40))

    normal = opened(images.normalise(saved(picture, "PNG")))

    assert normal.mode == "RGBA"
    assert normal.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_keeps_the_first_frame_only(form):
    frames = [Pillow.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]

    normal = opened(images.normalise(saved(frames[0], form, save_all=True, append_images=frames)))

    assert getattr(normal, "n_frames", 1) == 1
    assert normal.convert("RGB").getpixel((5, 5))[0] > 200


def test_nothing_is_larger_than_a_page_can_use():
    normal = opened(images.normalise(painted(3000, 1000)))

    assert normal.size == (2400, 800)


@pytest.mark.django_db
def test_stores_under_a_name_that_says_nothing():
    image = _waiting()

    images.store(image=image, data=painted(500, 400))

    image.refresh_from_db()
    assert image.file.name.endswith(".webp")
    assert len(image.file.name.rpartition("/")[2]) == 32 + len(".webp")
    assert (image.width, image.height, image.status) == (500, 400, Image.Status.WAITING)


@pytest.mark.django_db
def test_makes_two_widths_in_two_formats():
    image = _waiting()
    images.store(image=image, data=painted(1000, 1250))

    assert images.render(image=image)

    image.refresh_from_db()
    assert image.status == Image.Status.READY
    for kind in ("image/avif", "image/webp"):
        for width, height in ((400, 500), (800, 1000)):
            with default_storage.open(image.renditions[kind][str(width)]) as file:
                copy = Pillow.open(file)
                assert (copy.size, f"image/{copy.format.lower()}") == ((width, height), kind)


@pytest.mark.django_db
def test_never_enlarges():
    image = _waiting()
    images.store(image=image, data=painted(600, 300))

    images.render(image=image)

    image.refresh_from_db()
    assert sorted(image.renditions["image/webp"]) == ["400", "600"]


@pytest.mark.django_db
def test_pages_name_only_copies_that_exist():
    image = _waiting()
    images.store(image=image, data=painted(900, 900))
    before = picture_of(image)

    images.render(image=image)

    image.refresh_from_db()
    after = picture_of(image)
    assert before.src == image.file.url
    assert after.src.endswith(".webp")
    assert "400w" in after.srcset
    assert after.sources[0][0] == "image/avif"


@pytest.mark.django_db
def test_rendering_again_changes_nothing():
    image = _waiting()
    images.store(image=image, data=painted(500, 500))
    images.render(image=image)
    image.refresh_from_db()
    before = image.renditions

    assert not images.render(image=image)

    image.refresh_from_db()
    assert image.renditions == before


@pytest.mark.django_db
def test_copies_of_a_picture_that_was_replaced_meanwhile_are_thrown_away():
    image = _waiting()
    images.store(image=image, data=painted(500, 500))
    stale = Image.objects.get(pk=image.pk)
    images.store(image=image, data=painted(300, 300))

    assert not images.render(image=stale)

    image.refresh_from_db()
    assert image.renditions == {}
    folder = stale.file.name.rpartition("/")[0]
    stem = stale.file.name.rpartition("/")[2].removesuffix(".webp")
    assert [
        name for name in default_storage.listdir(folder)[1] if name.startswith(f"{stem}-")
    ] == []


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_noted_and_not_tried_for_ever():
    image = ImageFactory(product=ProductFactory())
    Image.objects.filter(pk=image.pk).update(file="products/gone.webp")
    image = Image.objects.get(pk=image.pk)

    assert not images.render(image=image)

    image = Image.objects.get(pk=image.pk)
    assert (image.status, image.problem) == (Image.Status.FAILED, "The file is gone.")
