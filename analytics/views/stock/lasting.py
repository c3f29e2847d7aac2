"""How long stock lasts: cover, what is too much, what is dead, and the classes of goods."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from analytics.forms.stock import ClassesForm, CoverForm, Lasting, PiecesForm
from analytics.queries.stock.levels import dead, levels, overstocked, runs_out_on, sold_out, summed
from analytics.views.books.tables import Cell, amount
from analytics.views.figures import count
from analytics.views.stock.fields import Field, decimal, on, pieces, text, units, worth
from analytics.views.stock.report import Ask, Facts, Report, narrowed
from inventory.queries.policies import buying_policy
from payments.services.books.chart import books_currency

NONE = "-"


def _all(ask: Ask) -> QuerySet[Any]:
    return narrowed(levels(policy=buying_policy()), ask.form)


def _cover(ask: Ask) -> QuerySet[Any]:
    rows, lasts = _all(ask), ask.form.asked("lasts")
    if lasts == Lasting.OUT:
        rows = sold_out(rows)
    elif lasts == Lasting.LATE:
        rows = rows.filter(cover__lt=F("lead_days"), incoming=0)
    elif lasts:
        rows = rows.filter(cover__lte=int(lasts))
    # What never sells lasts for ever, and stands last.
    is_known = Case(When(weekly__gt=0, then=Value(0)), default=Value(1))
    return rows.order_by(is_known, "cover", "sku")


def _cover_fields(ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        units("available", _("Available"), lambda row: row.free),
        units("incoming", _("Incoming"), lambda row: row.incoming),
        decimal("weekly", _("Expected a week"), lambda row: row.weekly),
        units("days", _("Days of cover"), lambda row: row.cover),
        on("runs_out_on", _("Runs out"), lambda row: runs_out_on(row.cover, ask.today)),
        units("lead_days", _("Days to deliver"), lambda row: row.lead_days),
        units("reorder_point", _("Reorder point"), lambda row: row.reorder_point),
    ]


def _surplus(ask: Ask) -> QuerySet[Any]:
    return overstocked(_all(ask)).order_by("-surplus_value", "sku")


def _surplus_facts(_ask: Ask, rows: QuerySet[Any]) -> Facts:
    return _sums(rows, "surplus", "surplus_value")


def _surplus_fields(_ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        units("on_hand", _("On hand"), lambda row: row.units),
        decimal("weekly", _("Expected a week"), lambda row: row.weekly),
        units("days", _("Days of cover"), lambda row: row.cover),
        units("surplus", _("Too many"), lambda row: row.surplus),
        worth("surplus_value", _("Their value"), lambda row: row.surplus_value),
        worth("value", _("Value of all"), lambda row: row.value),
    ]


def _dead(ask: Ask) -> QuerySet[Any]:
    rows = dead(_all(ask), policy=buying_policy(), today=ask.today)
    return rows.order_by("-value", "sku")


def _dead_facts(_ask: Ask, rows: QuerySet[Any]) -> Facts:
    return _sums(rows, "units", "value")


def _dead_fields(_ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        units("on_hand", _("On hand"), lambda row: row.units),
        worth("value", _("Value"), lambda row: row.value),
        on("last_sold_in_week_of", _("Last sold in the week of"), lambda row: row.last_sold_on),
    ]


def _classed(ask: Ask) -> QuerySet[Any]:
    rows = _all(ask)
    for name in ("abc", "xyz"):
        if asked := ask.form.asked(name):
            rows = _without(rows, name) if asked == NONE else rows.filter(**{name: asked})
    return rows.order_by("-value", "sku")


def _without(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    return rows.exclude(**{f"{name}__in": ["A", "B", "C", "X", "Y", "Z"]})


def _class_fields(_ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        text("abc", "ABC", lambda row: row.abc),
        text("xyz", "XYZ", lambda row: row.xyz),
        units("on_hand", _("On hand"), lambda row: row.units),
        worth("value", _("Value"), lambda row: row.value),
        decimal("weekly", _("Expected a week"), lambda row: row.weekly),
        units("days", _("Days of cover"), lambda row: row.cover),
    ]


def _sums(rows: QuerySet[Any], what: str, value: str) -> Facts:
    sums = rows.order_by().aggregate(count=Count("pk"), sum=Sum(what))
    return [
        (_("Variants"), Cell(count(sums["count"]))),
        (_("Units"), Cell(count(sums["sum"] or 0))),
        (_("Value"), amount(summed(rows, value), books_currency())),
    ]


COVER = Report(
    name="cover",
    title=_("Days of cover"),
    note=_("How long what is available lasts at the rate that is expected, the shortest first."),
    rows=_cover,
    fields=_cover_fields,
    form=CoverForm,
)
SURPLUS = Report(
    name="overstock",
    title=_("Overstock"),
    note=_("Units beyond what sells within the days of the buying policy, at their average cost."),
    rows=_surplus,
    fields=_surplus_fields,
    facts=_surplus_facts,
    form=PiecesForm,
)
DEAD = Report(
    name="dead",
    title=_("Dead stock"),
    note=_("There for longer than the days of the buying policy, and none sold within them."),
    rows=_dead,
    fields=_dead_fields,
    facts=_dead_facts,
    form=PiecesForm,
)
CLASSES = Report(
    name="classes",
    title=_("ABC and XYZ"),
    note=_("A sell for most of a year's value, C for least; X sell evenly, Z hardly so."),
    rows=_classed,
    fields=_class_fields,
    form=ClassesForm,
)
