from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from catalog.models import Image

BEST_WIDTH = 800
# What every browser shows, best first; anything newer goes before it as a source.
PLAIN = ("image/webp", "image/jpeg", "image/png")
# Shelf pictures are cropped to the shop's own format.
SHELF_SIZE = (800, 1000)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as pages show it. Sizes in pixels of the original; `sources` are (type, srcset)."""

    alt: str
    width: int
    height: int
    src: str
    srcset: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def parts(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Picture":
        sources = tuple((kind, text) for kind, text in kept["sources"])
        return cls(**{**kept, "sources": sources})


def picture_of(image: Image, *, alt: str = "") -> Picture:
    """The picture of an image that has a file. alt: what it shows when the image does not say."""
    told = {name: getattr(image, name) for name in ("alt", "width", "height", "renditions")}
    return picture_told({**told, "file": str(image.file)}, alt=alt)


def picture_told(image: Mapping[str, Any], *, alt: str = "") -> Picture:
    """The same of a row that was read as JSON: alt, width, height, renditions and the file's name."""
    renditions = image["renditions"]
    sets = {kind: _srcset(copies) for kind, copies in renditions.items() if copies}
    plain = next((kind for kind in PLAIN if kind in sets), "")
    return Picture(
        alt=image["alt"] or alt,
        width=image["width"],
        height=image["height"],
        src=_best(renditions[plain]) if plain else _address(image["file"]),
        srcset=sets.get(plain, ""),
        sources=tuple((kind, text) for kind, text in sorted(sets.items()) if kind != plain),
    )


def smallest(picture: Picture) -> Picture:
    """The same picture for a thumbnail: the narrowest copy alone."""
    first = picture.srcset.split(",")[0].split(" ")[0]
    return Picture(picture.alt, picture.width, picture.height, first or picture.src)


def shelf_picture(file: FieldFile) -> Picture | None:
    """The picture of a category. Decorative: its name always stands beside it."""
    return Picture("", *SHELF_SIZE, src=file.url) if file else None


@lru_cache(maxsize=512)
def tile_url(name: str) -> str:
    """Address of a swatch: all of them share one file, so a page asks once."""
    return f"{staticfiles_storage.url('img/tiles.svg')}#{name}" if name else ""


def _srcset(copies: Mapping[str, str]) -> str:
    widths = sorted(copies, key=int)
    return ", ".join(f"{_address(copies[width])} {width}w" for width in widths)


@lru_cache(maxsize=4096)
def _address(name: str) -> str:
    """A copy has one address for good: prepared cards keep it as well."""
    return default_storage.url(name)


def _best(copies: Mapping[str, str]) -> str:
    fitting = [int(width) for width in copies if int(width) <= BEST_WIDTH]
    width = max(fitting) if fitting else min(int(width) for width in copies)
    return _address(copies[str(width)])
