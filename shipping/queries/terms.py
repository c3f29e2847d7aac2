"""The words of rating: what is sent, what it is packed in, and where it goes."""

from dataclasses import dataclass

from shipping.models import Box


@dataclass(frozen=True, slots=True)
class Size:
    """Of a parcel, longest side first; zeros where nobody measured it."""

    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0

    @property
    def girth_mm(self) -> int:
        """Length and once around: what carriers limit."""
        return self.length_mm + 2 * (self.width_mm + self.height_mm)


UNKNOWN = Size()


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of a variant, each packed for the post. Without all three sides it is not measured.

    categories: ids, with everything above them; methods and restrictions ask for them.
    """

    variant_id: int
    units: int
    grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    is_fragile: bool = False
    product_id: int = 0
    categories: frozenset[int] = frozenset()

    @property
    def is_measured(self) -> bool:
        return bool(self.length_mm and self.width_mm and self.height_mm)

    @property
    def sides(self) -> tuple[int, int, int]:
        """Longest first."""
        longest, middle, shortest = sorted(
            (self.length_mm, self.width_mm, self.height_mm), reverse=True
        )
        return longest, middle, shortest

    @property
    def volume(self) -> int:
        """Of one unit, in cubic millimetres; 0 when it is not measured."""
        return self.length_mm * self.width_mm * self.height_mm


@dataclass(frozen=True, slots=True)
class Packing:
    """A parcel as proposed. box: None when no box holds it, or nothing in it is measured.

    grams: with the box itself.
    """

    box: Box | None
    pieces: tuple[Piece, ...]
    grams: int
    size: Size = UNKNOWN


@dataclass(frozen=True, slots=True)
class Packed:
    """What all goods together travel in."""

    parcels: tuple[Packing, ...] = ()

    @property
    def grams(self) -> int:
        return sum(parcel.grams for parcel in self.parcels)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a parcel goes, as far as it is known."""

    country: str
    postcode: str = ""
