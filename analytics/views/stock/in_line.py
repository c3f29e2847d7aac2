"""Who waits for a variant, was promised units of it, or is paying for some, as tables."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.queries.stock.variant import InLine
from analytics.views.books.tables import Cell, Table, day, numbers, words
from analytics.views.stock.shelves import unit_cells
from shop.templatetags.shop_text import moment


def waiting(rows: Iterable[InLine], *, may_open: bool) -> Table:
    return Table(
        label=_("Waits for stock"),
        columns=[
            *words(_("Order"), _("Kind"), _("Since"), _("Promised for")),
            *numbers(_("Units")),
        ],
        rows=[
            [
                order_cell(one, may_open=may_open),
                Cell(one.row.get_kind_display()),
                Cell(moment(one.row.created_at)),
                Cell(day(one.row.promised_on)),
                *unit_cells([one.row.quantity]),
            ]
            for one in rows
        ],
    )


def promised(rows: Iterable[InLine], *, may_open: bool) -> Table:
    return Table(
        label=_("Promised to orders"),
        columns=[*words(_("Order"), _("Location"), _("Since")), *numbers(_("Units"))],
        rows=[
            [
                order_cell(one, may_open=may_open),
                Cell(one.row.stock_item.location.name),
                Cell(moment(one.row.created_at)),
                *unit_cells([one.row.quantity]),
            ]
            for one in rows
        ],
    )


def reserved(rows: Iterable[InLine]) -> Table:
    return Table(
        label=_("Reserved while paying"),
        columns=[*words(_("Location"), _("Since"), _("Until")), *numbers(_("Units"))],
        rows=[
            [
                Cell(one.row.stock_item.location.name),
                Cell(moment(one.row.created_at)),
                Cell(moment(one.row.until)),
                *unit_cells([one.row.quantity]),
            ]
            for one in rows
        ],
    )


def order_cell(one: InLine, *, may_open: bool) -> Cell:
    if one.line is None:
        return Cell("–")
    order = one.line.order
    page = reverse("admin:orders_order_change", args=[order.pk]) if may_open else ""
    return Cell(order.number, page)
