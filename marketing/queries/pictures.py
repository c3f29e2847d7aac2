"""Pictures of blocks, with their size and the narrower copies that lie beside them."""

from pathlib import PurePosixPath

from django.core.files.images import get_image_dimensions
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.utils.translation import gettext as _

from catalog.queries.pictures import Picture
from marketing.models import ContentBlock
from shop.lib.parts import kept

WIDTHS = (480, 800, 1200)


def copy_name(name: str, width: int) -> str:
    return f"{PurePosixPath(name).with_suffix('')}-{width}.webp"


def block_picture(block: ContentBlock) -> Picture | None:
    """The picture of a block that has one and whose file is there."""
    name = block.image.name
    if not name:
        return None
    size = kept(f"block-picture:{name}", lambda: _size(name))
    if not size[0]:
        return None
    widths = kept(f"block-copies:{name}", lambda: _copies(name, size[0]))
    srcset = [f"{default_storage.url(copy_name(name, width))} {width}w" for width in widths]
    whole = default_storage.url(name)
    middle = next((width for width in widths if width >= WIDTHS[1]), None)
    return Picture(
        alt=block.image_alt,
        width=size[0],
        height=size[1],
        src=default_storage.url(copy_name(name, middle)) if middle else whole,
        srcset=", ".join([*srcset, f"{whole} {size[0]}w"]) if srcset else "",
    )


def own_hero() -> Picture:
    """The opening picture of a shop that has not put in its own."""
    wide, narrow = static("img/hero.webp"), static("img/hero-800.webp")
    return Picture(
        alt=_("A teapot, cups, nested bowls, a vase and a folded tea towel"),
        width=1600,
        height=1280,
        src=narrow,
        srcset=f"{narrow} 800w, {wide} 1600w",
    )


def _size(name: str) -> tuple[int, int]:
    """Width and height in pixels; noughts for what is gone or is no picture."""
    try:
        with default_storage.open(name, "rb") as file:
            width, height = get_image_dimensions(file)
    except OSError:
        return 0, 0
    return width or 0, height or 0


def _copies(name: str, whole: int) -> list[int]:
    return [
        width
        for width in WIDTHS
        if width < whole and default_storage.exists(copy_name(name, width))
    ]
