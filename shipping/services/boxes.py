"""Boxes: what a parcel is packed in, proposed from sizes, weight and fragility."""

from collections.abc import Iterable, Sequence

from catalog.models import Variant
from orders.models import OrderLine
from shipping.models import Box
from shipping.queries.packing import propose
from shipping.queries.terms import Packed, Packing, Piece, Size

__all__ = ["Packed", "Packing", "Piece", "Size", "for_lines", "pieces_of_lines", "propose"]

Contents = Sequence[tuple[OrderLine, int]]


def for_lines(contents: Contents) -> Packed:
    """What units of order lines travel in, from the boxes in use. Bundles go by their parts."""
    return propose(pieces_of_lines(contents), list(Box.objects.filter(is_active=True)))


def pieces_of_lines(contents: Contents) -> list[Piece]:
    """What lies in the parcel; nothing of goods that are gone from the catalogue. Three queries."""
    lines = OrderLine.objects.filter(pk__in=[line.pk for line, _units in contents])
    found = {
        line.pk: line for line in lines.select_related("variant").prefetch_related("parts__variant")
    }
    return [piece for line, units in contents for piece in _pieces(found[line.pk], units)]


def _pieces(line: OrderLine, units: int) -> Iterable[Piece]:
    if line.variant and line.variant.grams:
        return [_piece(line.variant, units)]
    parts = [
        _piece(part.variant, part.quantity * units) for part in line.parts.all() if part.variant
    ]
    return parts or ([_piece(line.variant, units)] if line.variant else [])


def _piece(variant: Variant, units: int) -> Piece:
    return Piece(
        variant_id=variant.pk,
        units=units,
        grams=variant.grams,
        length_mm=variant.length_mm,
        width_mm=variant.width_mm,
        height_mm=variant.height_mm,
        is_fragile=variant.is_fragile,
        product_id=variant.product_id,
    )
