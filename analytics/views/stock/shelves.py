"""Where a variant is, bucket by bucket, and every change of it, as tables."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.views.books.tables import Cell, Table, amount, day, numbers, words
from analytics.views.figures import count
from inventory.models import StockItem, StockMovement
from shop.templatetags.shop_text import moment


def places(items: Sequence[StockItem], *, may_open: bool) -> Table:
    """Every bucket at every location, and all together."""
    rows = [[_place(item, may_open=may_open), *unit_cells(_units(item))] for item in items]
    sums = [sum(column) for column in zip(*map(_units, items), strict=True)]
    return Table(
        label=_("Where it is"),
        columns=[
            *words(_("Location")),
            *numbers(_("On hand"), _("Promised"), _("Reserved"), _("Kept back"), _("Available")),
            *numbers(_("Incoming"), _("Damaged")),
            *words(_("Bins"), _("Batches")),
        ],
        rows=[
            [*row, Cell(_bins(item)), Cell(_batches(item))]
            for row, item in zip(rows, items, strict=True)
        ],
        foot=[[Cell(_("Together")), *unit_cells(sums), Cell(""), Cell("")]]
        if len(items) > 1
        else (),
    )


def _place(item: StockItem, *, may_open: bool) -> Cell:
    page = reverse("admin:inventory_stockitem_change", args=[item.pk]) if may_open else ""
    return Cell(item.location.name, page)


def _units(item: StockItem) -> list[int]:
    kept = (item.on_hand, item.allocated, item.reserved, item.safety, item.available)
    return [*kept, item.incoming, item.damaged]


def unit_cells(units: Iterable[int]) -> list[Cell]:
    return [Cell(count(number), is_number=True) for number in units]


def _bins(item: StockItem) -> str:
    return ", ".join(place.bin.code for place in item.bin_items.all())


def _batches(item: Any) -> str:
    return "; ".join(
        _("%(units)s of %(batch)s") % {"units": count(batch.on_hand), "batch": _batch(batch)}
        for batch in item.live_batches
    )


def _batch(batch: Any) -> str:
    if batch.expires_on is None:
        return str(batch)
    return _("%(code)s, best before %(day)s") % {"code": batch, "day": day(batch.expires_on)}


def movements(rows: Iterable[StockMovement], *, currency: str) -> Table:
    """currency: of the values; empty for those who don't see them."""
    return Table(
        label=_("Movements"),
        columns=[
            *words(_("At"), _("Kind"), _("Location")),
            *numbers(_("On hand"), _("Promised"), _("Damaged")),
            *(numbers(_("Value")) if currency else []),
            *words(_("Batch"), _("Reason"), _("Reference"), _("By")),
        ],
        rows=[
            [
                Cell(moment(row.at)),
                Cell(row.get_kind_display()),
                Cell(row.stock_item.location.name),
                *(_signed(units) for units in _changes(row)),
                *([_value(row.value_change, currency)] if currency else []),
                Cell(str(row.batch or "")),
                *(Cell(text) for text in (row.reason, row.reference, str(row.actor or ""))),
            ]
            for row in rows
        ],
    )


def _changes(row: StockMovement) -> tuple[int, int, int]:
    return row.on_hand_change, row.allocated_change, row.damaged_change


def _signed(units: int) -> Cell:
    return Cell(f"{units:+}" if units else "", is_number=True)


def _value(value: Decimal, currency: str) -> Cell:
    return amount(value, currency) if value else Cell("", is_number=True)
