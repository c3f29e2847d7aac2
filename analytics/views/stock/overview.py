"""The stock at a glance; every number leads to the rows behind it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.queries.stock.overview import LOST_WEEKS, Overview, classes
from analytics.queries.stock.overview import overview as figures
from analytics.views.books.tables import Cell, Column, Table, numbers
from analytics.views.figures import Kpi, count, decimals, large_money
from analytics.views.stock.access import managers_only, show
from analytics.views.stock.report import url
from payments.services.books.chart import books_currency
from shop.lib.workdays import shop_day

ABC, XYZ = ("A", "B", "C", "-"), ("X", "Y", "Z", "-")


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    value: str
    url: str
    told: str


@managers_only
def overview(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = figures(today=shop_day(now), now=now)
    currency = books_currency()
    context = {
        "title": _("Stock"),
        "here": "",
        "data_until": now,
        "kpis": [_kpi(tile) for tile in [*_lying(found, currency), *_losing(found, currency)]],
        "matrix": _matrix(currency),
    }
    return show(request, "overview", context)


def _kpi(tile: Tile) -> Kpi:
    return Kpi(tile.label, tile.value, "", "flat", tile.told, tile.url)


def _lying(found: Overview, currency: str) -> list[Tile]:
    value, policy = large_money(found.value, currency), found.policy
    return [
        Tile(_("Stock value"), value, url("value"), _("Good units at their average cost.")),
        Tile(
            _("Units"),
            count(found.units),
            url("value"),
            _("Good units in all locations and on the way between them."),
        ),
        Tile(
            _("Days of cover"),
            "–" if found.cover is None else count(int(found.cover)),
            url("cover"),
            _("Available units of what is expected to sell, over what sells in a day."),
        ),
        Tile(
            _("Sold out now"),
            count(found.sold_out),
            url("cover", lasts="out"),
            _("Variants for sale of which nothing is available."),
        ),
        Tile(
            _("Overstock"),
            large_money(found.surplus_value, currency),
            url("overstock"),
            _("Value beyond %(days)s days of expected sales.") % {"days": policy.overstock_days},
        ),
        Tile(
            _("Dead stock"),
            large_money(found.dead_value, currency),
            url("dead"),
            _("%(count)s variants that were there for %(days)s days without a sale.")
            % {"count": found.dead, "days": policy.dead_days},
        ),
    ]


def _losing(found: Overview, currency: str) -> list[Tile]:
    turns = "–" if found.turns is None else decimals(found.turns, 1)
    return [
        Tile(
            _("Lost sales"),
            large_money(found.lost_value, currency),
            url("lost-sales"),
            _("About %(units)s units that would have sold in %(weeks)s weeks had they been there.")
            % {"units": count(int(found.lost_units)), "weeks": LOST_WEEKS},
        ),
        Tile(
            _("Shrinkage, 12 months"),
            large_money(found.shrunk, currency),
            url("shrinkage"),
            _("What counts, corrections and damage took, at cost."),
        ),
        Tile(
            _("Turns a year"),
            turns,
            url("turnover"),
            _("Cost of goods sold in 365 days over the mean value of stock."),
        ),
    ]


def _matrix(currency: str) -> Table:
    """Value and number of variants by ABC and XYZ."""
    found = classes()

    def cell(abc: str, xyz: str) -> Cell:
        number, value = found.get((abc, xyz), (0, 0))
        if not number:
            return Cell("–", is_number=True)
        words = f"{large_money(value, currency)} ({count(number)})"
        return Cell(words, url("classes", abc=abc, xyz=xyz), is_number=True)

    return Table(
        label=_("Value and number of variants by ABC and XYZ"),
        columns=[Column(""), *numbers(*(_words(xyz) for xyz in XYZ))],
        rows=[
            [Cell(_words(abc), url("classes", abc=abc)), *(cell(abc, xyz) for xyz in XYZ)]
            for abc in ABC
        ],
    )


def _words(code: str) -> str:
    return _("None") if code == "-" else code
