"""Rankings as tables show them: names, bars, links to the goods and to their orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.forms import Question
from analytics.queries.days import Day, Pair
from analytics.queries.orders import GONE
from analytics.queries.rankings import CategorySales, MarketSales, ProductSales
from analytics.views.figures import count, link
from shop.lib.money import ZERO
from shop.templatetags.shop_text import dateline, money


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a ranking. share: of the leader, in per cent, for the bar beside it."""

    name: str
    page_url: str
    net: str
    units: str
    orders: str
    orders_url: str
    share: int
    average: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day beside the one it is held against, as texts; empty where there is none."""

    on: str = ""
    net: str = ""
    orders: str = ""
    before_on: str = ""
    before_net: str = ""
    before_orders: str = ""


@dataclass(frozen=True, slots=True)
class Urls:
    """The same question in other shapes."""

    orders: str
    orders_csv: str
    days_csv: str
    products_csv: str
    categories_csv: str
    markets_csv: str
    by_sales: str
    by_units: str


def days(pairs: Sequence[Pair], currency: str) -> list[DayRow]:
    return [DayRow(*_day(pair.now, currency), *_day(pair.before, currency)) for pair in pairs]


def _day(day: Day | None, currency: str) -> tuple[str, str, str]:
    return (dateline(day.on), money(day.net, currency), str(day.orders)) if day else ("", "", "")


def products(rows: Sequence[ProductSales], question: Question) -> list[Row]:
    return [
        Row(
            name=row.title or _("No longer in the catalogue"),
            page_url=reverse("catalog:product", args=[row.slug]) if row.slug else "",
            net=money(row.net, question.market.currency),
            units=count(row.units),
            orders=count(row.orders),
            orders_url=link(question, product=row.slug or GONE),
            share=_share(row.net, [other.net for other in rows]),
        )
        for row in rows
    ]


def categories(rows: Sequence[CategorySales], question: Question) -> list[Row]:
    return [
        Row(
            name=row.name or _("In no category"),
            page_url=reverse("catalog:category", args=[row.slug]) if row.slug else "",
            net=money(row.net, question.market.currency),
            units=count(row.units),
            orders=count(row.orders),
            orders_url=link(question, category=row.slug or GONE),
            share=_share(row.net, [other.net for other in rows]),
        )
        for row in rows
    ]


def markets(rows: Sequence[MarketSales], question: Question) -> list[Row]:
    """No bars: amounts in different currencies have no common length."""
    return [
        Row(
            name=f"{row.market.name} ({row.market.currency})",
            page_url=f"{reverse('analytics:dashboard')}?{question.for_market(row.market.code)}",
            net=money(row.net, row.market.currency),
            units="",
            orders=count(row.orders),
            orders_url=f"{reverse('analytics:orders')}?{question.for_market(row.market.code)}",
            share=0,
            average="–" if row.average is None else money(row.average, row.market.currency),
        )
        for row in rows
    ]


def urls(question: Question, asked: Mapping[str, str]) -> Urls:
    page = reverse("analytics:dashboard")
    as_asked = {key: value for key, value in asked.items() if value}

    def sheet(name: str) -> str:
        return f"{reverse('analytics:panel_csv', args=[name])}?{question.query}"

    return Urls(
        orders=link(question),
        orders_csv=f"{reverse('analytics:orders_csv')}?{question.query}",
        days_csv=f"{sheet('days')}&against={question.against}",
        products_csv=sheet("products"),
        categories_csv=sheet("categories"),
        markets_csv=sheet("markets"),
        by_sales=f"{page}?{urlencode({**as_asked, 'by': 'sales'})}#best-sellers",
        by_units=f"{page}?{urlencode({**as_asked, 'by': 'units'})}#best-sellers",
    )


def _share(value: Decimal, others: Sequence[Decimal]) -> int:
    leader = max(others, default=ZERO)
    return int(100 * value / leader) if leader > 0 and value > 0 else 0
