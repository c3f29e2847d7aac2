"""What was lost, how fast stock turns, and the movements behind figures."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from analytics.forms.stock import MovementsForm, PastForm, PiecesForm
from analytics.queries.periods import shift_months
from analytics.queries.stock import turnover as turns
from analytics.queries.stock.losses import SHRINKS, lost_sales, shrinkage
from analytics.queries.stock.movements import Which, midnight, movements
from analytics.queries.stock.overview import LOST_WEEKS
from analytics.views.books.tables import Cell, amount
from analytics.views.figures import decimals
from analytics.views.stock.fields import (
    Field,
    decimal,
    pieces,
    text,
    units,
    variant_url,
    worth,
)
from analytics.views.stock.report import Ask, Facts, Report, narrowed, url
from payments.services.books.chart import books_currency
from shop.lib.money import ZERO
from shop.templatetags.shop_text import moment

DAY = dt.timedelta(days=1)


def _period(ask: Ask) -> tuple[dt.datetime, dt.datetime]:
    return midnight(ask.form.first()), midnight(ask.form.last() + DAY)


def _lost(ask: Ask) -> QuerySet[Any]:
    since = ask.today - dt.timedelta(weeks=LOST_WEEKS)
    return narrowed(lost_sales(since=since, now=ask.now), ask.form).order_by("-missed_value", "sku")


def _lost_facts(_ask: Ask, rows: QuerySet[Any]) -> Facts:
    sums = rows.order_by().aggregate(units=Sum("missed"), value=Sum("missed_value"))
    return [
        (_("Units"), Cell(decimals(sums["units"] or ZERO, 1))),
        (_("Net sales"), amount(sums["value"] or ZERO, books_currency())),
    ]


def _lost_fields(_ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        units("days_out", _("Days sold out"), lambda row: row.days_out),
        decimal("weekly", _("Expected a week"), lambda row: row.weekly),
        decimal("missed", _("Units missed"), lambda row: row.missed),
        worth("missed_value", _("Net sales missed"), lambda row: row.missed_value),
    ]


def _shrinkage(ask: Ask) -> Sequence[Any]:
    return shrinkage(*_period(ask))


def _shrinkage_facts(_ask: Ask, rows: Sequence[Any]) -> Facts:
    total = sum((row.value for row in rows), ZERO)
    return [(_("Lost in all"), amount(total, books_currency()))]


def _shrinkage_fields(ask: Ask) -> Sequence[Field]:
    def behind(row: Any) -> str:
        """No further than the days that were asked for."""
        last = shift_months(row.first, 1) - DAY
        start, end = max(row.first, ask.form.first()), min(last, ask.form.last())
        return url("movements", start=start, end=end, kind=[str(kind) for kind in SHRINKS])

    return [
        Field(
            "month",
            _("Month"),
            lambda row: row.first,
            lambda day, _: f"{day:%Y-%m}",
            url=behind,
            is_number=False,
        ),
        units("units", _("Units"), lambda row: row.units),
        worth("counted", _("Counts and corrections"), lambda row: row.counted),
        worth("damaged", _("Damage"), lambda row: row.damaged),
        worth("value", _("Lost, at cost"), lambda row: row.value),
    ]


def _turnover(ask: Ask) -> Sequence[Any]:
    start, end = _period(ask)
    return turns.by_category(start=start, end=end)


def _turnover_fields(_ask: Ask) -> Sequence[Field]:
    return [
        text(
            "category",
            _("Category"),
            lambda row: row.name or str(_("In no category")),
            lambda row: url("classes", category=row.key),
        ),
        worth("cost_of_goods", _("Cost of goods sold"), lambda row: row.cost),
        worth("mean_stock", _("Stock on average"), lambda row: row.stock),
        decimal("turns", _("Turns a year"), lambda row: row.turns),
        decimal("days_held", _("Days on the shelf"), lambda row: row.days_held),
    ]


def _movements(ask: Ask) -> QuerySet[Any]:
    form = ask.form
    which = Which(
        first=form.asked("start") or None,
        last=form.asked("end") or None,
        kinds=form.asked("kind") or (),
        location=form.asked("location"),
        words=form.asked("q"),
    )
    return movements(which)


def _movement_fields(_ask: Ask) -> Sequence[Field]:
    return [
        Field("at", _("At"), lambda row: row.at, lambda at, _: moment(at), is_number=False),
        text(
            "sku",
            "SKU",
            lambda row: row.stock_item.variant.sku,
            lambda row: variant_url(row.stock_item.variant.sku),
        ),
        text("location", _("Location"), lambda row: row.stock_item.location.name),
        text("kind", _("Kind"), lambda row: row.get_kind_display()),
        units("on_hand", _("On hand"), lambda row: row.on_hand_change),
        units("allocated", _("Promised"), lambda row: row.allocated_change),
        units("damaged", _("Damaged"), lambda row: row.damaged_change),
        worth("value", _("Value"), lambda row: row.value_change),
        text("reason", _("Reason"), lambda row: row.reason),
        text("reference", _("Reference"), lambda row: row.reference),
        text("actor", _("By"), lambda row: str(row.actor or "")),
    ]


LOST = Report(
    name="lost-sales",
    title=_("Lost sales"),
    note=_(
        "What would have sold in the past twelve weeks on days without stock, at the rate that is"
        " expected and today's net price. An estimate."
    ),
    rows=_lost,
    fields=_lost_fields,
    facts=_lost_facts,
    form=PiecesForm,
)
SHRINKAGE = Report(
    name="shrinkage",
    title=_("Shrinkage"),
    note=_("What counts, corrections and damage took from stock, by month, at cost."),
    rows=_shrinkage,
    fields=_shrinkage_fields,
    facts=_shrinkage_facts,
    form=PastForm,
)
TURNOVER = Report(
    name="turnover",
    title=_("Turnover"),
    note=_("Cost of goods sold over the mean value of stock at the ends of months, per year."),
    rows=_turnover,
    fields=_turnover_fields,
    form=PastForm,
)
MOVEMENTS = Report(
    name="movements",
    title=_("Movements"),
    note=_("Every change of stock, the newest first."),
    rows=_movements,
    fields=_movement_fields,
    form=MovementsForm,
)
