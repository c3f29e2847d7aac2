"""How reliable suppliers are."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.forms.stock import SuppliersForm
from analytics.views.stock.fields import Field, decimal, share, text, units
from analytics.views.stock.report import Ask, Report
from analytics.views.stock.sourcing import admin_page
from inventory.queries.scorecards import scorecards


def _rows(ask: Ask) -> Sequence[Any]:
    form = ask.form
    found = scorecards(since=form.first(), until=form.last(), today=ask.today)
    words = form.asked("q").casefold()
    return [row for row in found if words in row.name.casefold()]


def _fields(_ask: Ask) -> Sequence[Field]:
    def orders(row: Any) -> str:
        return admin_page("supplier", row.supplier_id)

    return [
        text("supplier", _("Supplier"), lambda row: row.name, orders),
        units("lines", _("Lines"), lambda row: row.lines),
        share("on_time", _("On time"), lambda row: row.on_time),
        share("fill", _("Fill rate"), lambda row: row.fill),
        decimal("promised_days", _("Days promised"), lambda row: row.promised_days),
        decimal("real_days", _("Days it took"), lambda row: row.real_days),
        units("received", _("Units received"), lambda row: row.received),
        units("rejected", _("Rejected"), lambda row: row.rejected),
        share("defects", _("Defects"), lambda row: row.defects),
    ]


SUPPLIERS = Report(
    name="suppliers",
    title=_("Suppliers"),
    note=_("Of what was due or came in these days: how much in time, in full and in order."),
    rows=_rows,
    fields=_fields,
    form=SuppliersForm,
    nothing=_("Nothing was due or came in these days."),
)
