"""Who leads: products, categories, markets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from analytics.queries.kept import added, added_to, cards_sold, credited, summed
from analytics.queries.periods import Period
from analytics.queries.sold import GONE, Tally, by_category, by_market, by_product
from catalog.models import Category, Market, Product
from shop.lib.money import ZERO, round_money

MOST = 10


@dataclass(frozen=True, slots=True)
class ProductSales:
    """A product that was sold; no product when it is no longer in the catalogue."""

    product_id: int | None
    title: str
    slug: str
    net: Decimal
    units: int
    orders: int


@dataclass(frozen=True, slots=True)
class CategorySales:
    """A first-level category with everything below it."""

    slug: str
    name: str
    net: Decimal
    units: int
    orders: int


@dataclass(frozen=True, slots=True)
class MarketSales:
    market: Market
    net: Decimal
    orders: int
    average: Decimal | None


def products(
    market: Market, period: Period, *, by: str = "sales", most: int | None = MOST
) -> list[ProductSales]:
    """Best sellers, net of tax, before credits. Three queries."""
    found = by_product(market, period)
    ranked = sorted(found.items(), key=_by_units if by == "units" else _by_net)[:most]
    named = Product.objects.filter(pk__in=[key for key, _tally in ranked])
    names = {key: (title, slug) for key, title, slug in named.values_list("pk", "title", "slug")}
    return [
        ProductSales(key or None, *names.get(key, ("", "")), tally.net, tally.units, tally.orders)
        for key, tally in ranked
    ]


def _by_net(row: tuple[int, Tally]) -> tuple[Decimal, bool, int]:
    """What is no longer in the catalogue comes last among equals."""
    return -row[1].net, row[0] == GONE, row[0]


def _by_units(row: tuple[int, Tally]) -> tuple[int, Decimal, bool, int]:
    return -row[1].units, *_by_net(row)


def categories(market: Market, period: Period) -> list[CategorySales]:
    """Goods by first-level category, net of tax, before credits. The last one may be nameless."""
    names = dict(Category.objects.filter(depth=1).values_list("url_path", "name"))
    rows = sorted(by_category(market, period).items(), key=lambda row: (-row[1].net, row[0]))
    return [
        CategorySales(root, names.get(root, ""), tally.net, tally.units, tally.orders)
        for root, tally in rows
    ]


def markets(period: Period, known: Sequence[Market]) -> list[MarketSales]:
    """Every market in its own currency; they are never added up. Six queries."""
    found = by_market(known, period)
    cards = _by(cards_sold(None, period), "order__market_id")
    back = _by(credited(None, period), "grant__order__market_id")
    # What a later change added was sold on the day of the change.
    own = _by(added_to(None, period), "order__market_id")
    late = _by(added(None, period), "order__market_id")
    for pk in own.keys() | late.keys():
        back[pk] = back.get(pk, ZERO) + own.get(pk, ZERO) - late.get(pk, ZERO)
    return [_market(market, found, cards, back) for market in known]


def _by(lines: "QuerySet[Any]", column: str) -> dict[int, Decimal]:
    rows = lines.order_by().values(column).annotate(sum=summed("net"))
    return dict(rows.values_list(column, "sum"))


def _market(
    market: Market,
    found: Mapping[int, Tally],
    cards: Mapping[int, Decimal],
    back: Mapping[int, Decimal],
) -> MarketSales:
    all_sold = found.get(market.pk, Tally())
    goods, orders = all_sold.net - cards.get(market.pk, ZERO), all_sold.orders
    average = round_money(goods / orders, market.currency) if orders else None
    return MarketSales(market, goods - back.get(market.pk, ZERO), orders, average)
