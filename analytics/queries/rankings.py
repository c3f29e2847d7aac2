"""Who leads: products, categories, markets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analytics.queries.kept import Sums
from analytics.queries.periods import Period
from analytics.queries.sales import Sales, sales
from analytics.queries.sold import sold
from analytics.queries.tallies import GONE, Sold, Tally
from catalog.models import Category, Market, Product
from shop.lib.money import round_money

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
    market: Market,
    period: Period,
    *,
    by: str = "sales",
    most: int | None = MOST,
    found: Sold | None = None,
) -> list[ProductSales]:
    """Best sellers, net of tax, before credits. found: what was read of the period already."""
    tallies = (found or sold(market, period)).products
    ranked = sorted(tallies.items(), key=_by_units if by == "units" else _by_net)[:most]
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


def categories(market: Market, period: Period, *, found: Sold | None = None) -> list[CategorySales]:
    """Goods by first-level category, net of tax, before credits. The last one may be nameless."""
    names = dict(Category.objects.filter(depth=1).values_list("url_path", "name"))
    tallies = (found or sold(market, period)).roots
    rows = sorted(tallies.items(), key=lambda row: (-row[1].net, row[0]))
    return [
        CategorySales(root, names.get(root, ""), tally.net, tally.units, tally.orders)
        for root, tally in rows
    ]


def markets(
    period: Period, known: Sequence[Market], *, found: Sales | None = None
) -> list[MarketSales]:
    """Every market in its own currency; they are never added up. found: sales of all of them."""
    if not known:
        return []
    read = found or sales(known[0], period, others=known[1:])
    return [_market(market, period, read) for market in known]


def _market(market: Market, period: Period, read: Sales) -> MarketSales:
    days = list(period.days())
    orders = sum(read.orders(market.pk, on).orders for on in days)
    goods = sum((read.goods(market.pk, on) for on in days), Sums()).net
    changes = sum((read.changes(market.pk, on) for on in days), Sums()).net
    back = sum((read.given_back(market.pk, on) for on in days), Sums()).net
    average = round_money(goods / orders, market.currency) if orders else None
    return MarketSales(market, goods + changes - back, orders, average)
