"""What stock is worth, today or at the end of any day."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.forms.stock import ValueForm
from analytics.queries.stock.worth import WorthRows
from analytics.views.books.tables import Cell, amount, day
from analytics.views.figures import count
from analytics.views.stock.fields import Field, text, units, variant_url, worth
from analytics.views.stock.report import Ask, Facts, Report
from inventory.models import Location
from payments.services.books.chart import books_currency


def _rows(ask: Ask) -> WorthRows:
    code = ask.form.asked("location")
    location = Location.objects.filter(code=code).first() if code else None
    return WorthRows(ask.form.day(), location, ask.form.asked("q"))


def _facts(_ask: Ask, rows: Any) -> Facts:
    total = rows.total
    return [
        (_("At the end of"), Cell(day(total.day))),
        (_("Variants"), Cell(count(total.variants))),
        (_("Units"), Cell(count(total.units))),
        (_("Damaged"), Cell(count(total.damaged))),
        (_("Value"), amount(total.value, books_currency())),
    ]


def _fields(_ask: Ask) -> Sequence[Field]:
    return [
        text("sku", "SKU", lambda row: row.sku, lambda row: variant_url(row.sku)),
        text("piece", _("Piece"), lambda row: ", ".join(filter(None, (row.title, row.label)))),
        units("units", _("Units"), lambda row: row.units),
        units("damaged", _("Damaged"), lambda row: row.damaged),
        worth("average", _("Average cost"), lambda row: row.average),
        worth("value", _("Value"), lambda row: row.value),
    ]


VALUE = Report(
    name="value",
    title=_("Stock value"),
    note=_(
        "Good units at their moving average at the end of a day of the shop. Units on their way"
        " between locations count where no location is chosen."
    ),
    rows=_rows,
    fields=_fields,
    facts=_facts,
    form=ValueForm,
)
