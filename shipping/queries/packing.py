"""Which boxes goods travel in: the smallest one that holds them all, else as few as they need.

Pure. What is not measured is judged by its weight alone; what is fragile gets padding around it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shipping.models import Box
from shipping.queries.arranging import Sides, arrange
from shipping.queries.terms import UNKNOWN, Packed, Packing, Piece, Size

# Of padding, on every side of a box with something fragile in it.
PADDING_MM = 15
# However odd a basket is: then the rest is reckoned by weight.
MOST_ROUNDS = 40

Units = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A box with the room it has, and what is left of it with padding; None: no fragile goods."""

    box: Box
    room: Sides
    padded: Sides | None
    grams: int

    @property
    def rank(self) -> tuple[object, ...]:
        return (_volume(self.room), self.box.cost, self.box.pk or 0)


def propose(pieces: Sequence[Piece], boxes: Sequence[Box]) -> Packed:
    """Parcels for all units of all pieces; the same whatever order they are named in."""
    goods = sorted((one for one in pieces if one.units), key=_largest_first)
    cases = _cases(boxes)
    if not goods:
        return Packed()
    if not cases:
        everything = tuple(piece.units for piece in goods)
        return Packed((_loose(goods, everything),))
    return Packed(tuple(_parcels(goods, cases)))


def _cases(boxes: Sequence[Box]) -> list[Case]:
    """Smallest first. Without a box made for it, fragile goods are padded in any."""
    are_special = any(box.is_padded for box in boxes)
    found = []
    for box in boxes:
        room = (box.length_mm, box.width_mm, box.height_mm)
        length, width, height = (max(0, side - 2 * PADDING_MM) for side in room)
        padded = (length, width, height) if box.is_padded or not are_special else None
        found.append(Case(box, room, padded, max(0, box.max_grams - box.tare_grams)))
    return sorted(found, key=lambda case: case.rank)


def _largest_first(piece: Piece) -> tuple[object, ...]:
    kind = (piece.is_fragile, piece.product_id, sorted(piece.categories))
    return (-max(piece.sides), -piece.volume, -piece.grams, piece.variant_id, piece.units, kind)


def _parcels(goods: list[Piece], cases: list[Case]) -> Iterator[Packing]:
    """Parcel by parcel until nothing is left."""
    left: Units = tuple(piece.units for piece in goods)
    for _round in range(MOST_ROUNDS):
        if not any(left):
            return
        case, units = _next(goods, left, cases)
        packing = _packing(goods, units, case)
        # What filled one box fills as many more of it as there are goods for.
        times = min(have // some for have, some in zip(left, units, strict=True) if some)
        for _again in range(times):
            yield packing
        left = tuple(have - some * times for have, some in zip(left, units, strict=True))
    if any(left):
        yield from _by_weight(goods, left, cases)


def _next(goods: list[Piece], left: Units, cases: list[Case]) -> tuple[Case | None, Units]:
    """The smallest box for all that is left, else the one that takes most of it."""
    best: tuple[Case | None, Units] = (None, ())
    most = (0, 0, 0)
    for case in cases:
        units = _filled(goods, left, case)
        if units == left:
            return case, units
        held = _worth(goods, units)
        if held > most:
            best, most = (case, units), held
    return best if best[1] else (None, _one(left))


def _filled(goods: list[Piece], left: Units, case: Case) -> Units:
    """What of the goods goes into a box: with padding around what is fragile, or without that."""
    sturdy = tuple(
        0 if piece.is_fragile else units for piece, units in zip(goods, left, strict=True)
    )
    plain = arrange(goods, sturdy, case.room, case.grams).units
    if sturdy == left or case.padded is None:
        return plain
    padded = arrange(goods, left, case.padded, case.grams).units
    return max(padded, plain, key=lambda units: _worth(goods, units))


def _worth(goods: list[Piece], units: Units) -> tuple[int, int, int]:
    """How much a box takes off one's hands: room first, then weight, then pieces."""
    volume = sum(piece.volume * some for piece, some in zip(goods, units, strict=True))
    grams = sum(piece.grams * some for piece, some in zip(goods, units, strict=True))
    return volume, grams, sum(units)


def _one(left: Units) -> Units:
    """A single unit of the largest piece, which no box holds."""
    first = next(place for place, units in enumerate(left) if units)
    return tuple(int(place == first) for place in range(len(left)))


def _packing(goods: list[Piece], units: Units, case: Case | None) -> Packing:
    inside = _inside(goods, units)
    if case is None or not any(piece.is_measured for piece in inside):
        return _loose(goods, units)
    grams = sum(piece.grams * piece.units for piece in inside) + case.box.tare_grams
    length, width, height = sorted(case.room, reverse=True)
    return Packing(case.box, inside, grams, Size(length, width, height))


def _loose(goods: list[Piece], units: Units) -> Packing:
    """In no box of ours. Its size is known when it is a single piece."""
    inside = _inside(goods, units)
    grams = sum(piece.grams * piece.units for piece in inside)
    is_single = sum(units) == 1 and inside[0].is_measured
    return Packing(None, inside, grams, Size(*inside[0].sides) if is_single else UNKNOWN)


def _inside(goods: list[Piece], units: Units) -> tuple[Piece, ...]:
    return tuple(
        replace(piece, units=some) for piece, some in zip(goods, units, strict=True) if some
    )


def _by_weight(goods: list[Piece], left: Units, cases: list[Case]) -> Iterator[Packing]:
    """Parcels as heavy as the strongest box carries, whatever their size."""
    most = max(case.grams for case in cases)
    while any(left):
        units = arrange([replace(one, length_mm=0) for one in goods], left, (1, 1, 1), most).units
        units = units if any(units) else _one(left)
        times = min(have // some for have, some in zip(left, units, strict=True) if some)
        for _again in range(times):
            yield _loose(goods, units)
        left = tuple(have - some * times for have, some in zip(left, units, strict=True))


def _volume(sides: Sides) -> int:
    return sides[0] * sides[1] * sides[2]
