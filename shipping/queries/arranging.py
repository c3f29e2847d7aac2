"""Arranging pieces in a box: blocks of equal pieces, each cutting the room that is left in three.

Whatever is arranged can really be packed so: blocks lie inside the box and never in each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from shipping.queries.terms import Piece

Sides = tuple[int, int, int]
# More spaces than these are crumbs: nobody packs into them.
MOST_SPACES = 60


@dataclass(frozen=True, slots=True)
class Space:
    """A cuboid that is free or taken: where it begins, and how far it goes, in mm."""

    at: Sides
    sides: Sides

    @property
    def volume(self) -> int:
        return self.sides[0] * self.sides[1] * self.sides[2]


@dataclass(frozen=True, slots=True)
class Block:
    """Units of a piece, in rows, columns and layers."""

    piece: int
    units: int
    counts: Sides
    space: Space


@dataclass(frozen=True, slots=True)
class Arranged:
    """Units of each piece that went in, and where they lie."""

    units: tuple[int, ...]
    blocks: tuple[Block, ...]


def arrange(pieces: Sequence[Piece], wanted: Sequence[int], room: Sides, grams: int) -> Arranged:
    """Put as many units in as go, in the order of pieces. grams: what the box carries.

    What is not measured takes no room, only weight.
    """
    spaces = [Space((0, 0, 0), room)]
    blocks: list[Block] = []
    taken = []
    for index, (piece, units) in enumerate(zip(pieces, wanted, strict=True)):
        left = min(units, grams // piece.grams) if piece.grams else units
        laid = _lay(spaces, blocks, index, piece, left) if piece.is_measured else left
        grams -= laid * piece.grams
        taken.append(laid)
    return Arranged(tuple(taken), tuple(blocks))


def _lay(spaces: list[Space], blocks: list[Block], index: int, piece: Piece, units: int) -> int:
    """Fill free spaces with units of a piece, the tightest first. Returns how many went in."""
    laid = 0
    while laid < units:
        found = _best(spaces, index, piece, units - laid)
        if found is None:
            break
        space, block = found
        spaces.remove(space)
        spaces.extend(_cut(space, block.space.sides))
        spaces.sort(key=lambda one: (one.volume, one.at))
        del spaces[:-MOST_SPACES]
        blocks.append(block)
        laid += block.units
    return laid


def _best(
    spaces: Sequence[Space], index: int, piece: Piece, units: int
) -> tuple[Space, Block] | None:
    """The smallest space that takes a unit, and the largest block in it."""
    for space in spaces:
        found = max(_blocks(space, index, piece, units), key=lambda one: one.units, default=None)
        if found is not None:
            return space, found
    return None


def _blocks(space: Space, index: int, piece: Piece, units: int) -> Iterator[Block]:
    """The piece turned in all ways, so many times side by side as the space has room for."""
    for sides in sorted(set(permutations(piece.sides))):
        if any(side > room for side, room in zip(sides, space.sides, strict=True)):
            continue
        rows = min(units, space.sides[0] // sides[0])
        columns = min(-(-units // rows), space.sides[1] // sides[1])
        layers = min(-(-units // (rows * columns)), space.sides[2] // sides[2])
        taken = (rows * sides[0], columns * sides[1], layers * sides[2])
        held = min(units, rows * columns * layers)
        yield Block(index, held, (rows, columns, layers), Space(space.at, taken))


def _cut(space: Space, taken: Sides) -> Iterator[Space]:
    """What is free beside, behind and above a block in the corner of a space."""
    (x, y, z), (length, width, height) = space.at, space.sides
    a, b, c = taken
    rest = (
        Space((x + a, y, z), (length - a, width, height)),
        Space((x, y + b, z), (a, width - b, height)),
        Space((x, y, z + c), (a, b, height - c)),
    )
    return (one for one in rest if one.volume)
