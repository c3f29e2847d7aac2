"""Pictures from outside: looked at, written anew, and copied in the sizes pages ask for.

What somebody uploads or a web server sends is never kept: it is decoded within limits and encoded
again, so that neither hidden data (places, names) nor hidden programs survive.
"""

import io
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from catalog.models import Image
from shop.lib import uploads
from shop.lib.errors import Refused

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
# Nothing on a page is larger, even enlarged on a dense screen.
LONGEST_SIDE = 2400
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF")
WIDTHS = (400, 800)
ORIGINAL = {"format": "WEBP", "quality": 90, "method": 4}
# AVIF at speed 7 takes a tenth of speed 4; 8 would be three times as fast for 10 % more bytes.
COPIES: Mapping[str, Mapping[str, object]] = {
    "image/avif": {"format": "AVIF", "quality": 60, "speed": 7},
    "image/webp": {"format": "WEBP", "quality": 78, "method": 4},
}
# What Pillow raises on broken files, format by format.
UNREADABLE = (
    *(OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error),
    *(OverflowError, ZeroDivisionError, AttributeError, NotImplementedError, MemoryError),
)
TOO_MANY = (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning)


class PictureRefused(Refused):
    """Raised when bytes are no picture the shop takes."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the bytes say of themselves. Sizes in pixels as stored, before turning."""

    format: str
    width: int
    height: int


def inspect(data: bytes) -> Inspected:
    """Look at a picture without decoding it. Raises PictureRefused: size, format, pixels."""
    with _opened(data) as picture:
        found = Inspected(picture.format or "", picture.width, picture.height)
        picture.verify()
    return found


def normalise(data: bytes) -> bytes:
    """Decode and write anew: upright, sRGB, at most 2400 px a side, nothing but the pixels.

    Raises PictureRefused.
    """
    inspect(data)
    with _opened(data) as picture:
        return _encoded(_plain(picture), ORIGINAL)


def narrower(data: bytes, widths: Iterable[int]) -> dict[int, bytes]:
    """WebP copies of a picture in those of these widths that are less than its own."""
    with _opened(data) as picture:
        whole = _plain(picture)
        return {
            width: _encoded(_narrowed(whole, width), COPIES["image/webp"])
            for width in widths
            if width < whole.width
        }


def place(*, image: Image, content: bytes) -> None:
    """Give an image its normalised file, under a name nobody can guess. Copies are made later."""
    name = f"{secrets.token_hex(16)}.webp"
    image.status = Image.Status.WAITING
    image.renditions = {}
    image.problem = ""
    with uploads.put(image.file, name=name, content=content):
        image.save()


def store(*, image: Image, data: bytes) -> None:
    """Take bytes from outside as the image's file, and save the image. Raises PictureRefused."""
    place(image=image, content=normalise(data))


def fail(*, image: Image, problem: str) -> None:
    """Note for staff why there is no picture."""
    Image.objects.filter(pk=image.pk).update(status=Image.Status.FAILED, problem=problem[:200])


def render(*, image: Image) -> bool:
    """Make the copies pages name: AVIF and WebP, 400 and 800 px wide, never enlarged.

    Returns whether there is something new to show. A file that can't be read is noted on the
    image and not tried again.
    """
    original = image.file.name
    if not original or image.renditions:
        return False
    try:
        copies = _copies(_content_of(original))
    except PictureRefused as refusal:
        fail(image=image, problem=refusal.message)
        return False
    names = {
        kind: {width: _keep(original, width, kind, content) for width, content in sizes.items()}
        for kind, sizes in copies.items()
    }
    # Somebody may have put another picture there meanwhile: these copies are not of that one.
    kept = Image.objects.filter(pk=image.pk, file=original, renditions={}).update(
        renditions=names, status=Image.Status.READY, problem=""
    )
    if not kept:
        for sizes in names.values():
            for name in sizes.values():
                default_storage.delete(name)
    return bool(kept)


def _content_of(name: str) -> bytes:
    try:
        with default_storage.open(name, "rb") as file:
            content: bytes = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise PictureRefused(_("The file is gone.")) from None
    return content


def _copies(data: bytes) -> dict[str, dict[str, bytes]]:
    with _opened(data) as picture:
        whole = _plain(picture)
        widths = sorted({min(width, whole.width) for width in WIDTHS})
        sized = {str(width): _narrowed(whole, width) for width in widths}
        return {
            kind: {width: _encoded(copy, how) for width, copy in sized.items()}
            for kind, how in COPIES.items()
        }


def _keep(original: str, width: str, kind: str, content: bytes) -> str:
    # A new name each time: what browsers and proxies hold under a name never changes.
    stem = PurePosixPath(original).with_suffix("")
    name = f"{stem}-{width}-{secrets.token_hex(4)}.{kind.partition('/')[2]}"
    return default_storage.save(name, ContentFile(content))


@contextmanager
def _opened(data: bytes) -> Iterator[Pillow.Image]:
    """Open by content alone, whatever the name says, and name every failure in the block."""
    if len(data) > MAX_BYTES:
        raise PictureRefused(_("The picture is larger than 10 MB."))
    try:
        # Some libraries switch this on for the whole process, and half a picture would pass.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with Pillow.open(io.BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused(_("The picture has more than 40 million pixels."))
            yield picture
    except TOO_MANY:
        raise PictureRefused(_("The picture has more than 40 million pixels.")) from None
    except UnidentifiedImageError:
        raise PictureRefused(_("This is not a PNG, JPEG, WebP, AVIF or GIF picture.")) from None
    except UNREADABLE:
        raise PictureRefused(_("The picture is damaged.")) from None


def _plain(picture: Pillow.Image) -> Pillow.Image:
    """First frame, upright, in sRGB, within the longest side, without any extra data."""
    picture.seek(0)
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    if profile and upright.mode in ("RGB", "RGBA", "CMYK", "L"):
        upright = _in_srgb(upright, profile)
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Pillow.Resampling.LANCZOS)
    plain.info.clear()
    return plain


def _in_srgb(picture: Pillow.Image, profile: bytes) -> Pillow.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        srgb = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(picture, source, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, *UNREADABLE):  # a broken profile costs shades, not the picture
        return picture
    return turned or picture


def _narrowed(picture: Pillow.Image, width: int) -> Pillow.Image:
    if width >= picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Pillow.Resampling.LANCZOS)


def _encoded(picture: Pillow.Image, how: Mapping[str, object]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, **how)  # type: ignore[arg-type]
    return buffer.getvalue()
