"""Who leads: products, categories, markets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, Sum, Value

from analytics.queries.kept import (
    added,
    added_to,
    cards_sold,
    credited,
    in_period,
    sold,
    summed,
)
from analytics.queries.periods import Period
from catalog.models import Category, Market
from orders.models import OrderLine
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
    """Best sellers, net of tax, before credits."""
    ranked = (
        _lines(market, period)
        .values("variant__product_id", "variant__product__title", "variant__product__slug")
        .annotate(sold=summed("net"), units=Sum("quantity"), orders=Count("order", distinct=True))
        .order_by("-units" if by == "units" else "-sold", "-sold", "variant__product_id")
    )
    return [
        ProductSales(
            product_id=row["variant__product_id"],
            title=row["variant__product__title"] or "",
            slug=row["variant__product__slug"] or "",
            net=row["sold"],
            units=row["units"],
            orders=row["orders"],
        )
        for row in ranked[:most]
    ]


def categories(market: Market, period: Period) -> list[CategorySales]:
    """Goods by first-level category, net of tax, before credits. The last one may be nameless."""
    names = dict(Category.objects.filter(depth=1).values_list("url_path", "name"))
    rows = (
        _lines(market, period)
        .values(root=root_of("variant__product__category__url_path"))
        .annotate(sold=summed("net"), units=Sum("quantity"), orders=Count("order", distinct=True))
        .order_by("-sold", "root")
    )
    return [
        CategorySales(
            row["root"] or "",
            names.get(row["root"], ""),
            row["sold"],
            row["units"],
            row["orders"],
        )
        for row in rows
    ]


def root_of(path: str) -> Func:
    """The first part of a category's address."""
    return Func(F(path), Value("/"), Value(1), function="split_part", output_field=CharField())


def markets(period: Period, known: Sequence[Market]) -> list[MarketSales]:
    """Every market in its own currency; they are never added up. Five queries."""
    rows = (
        sold(None, period)
        .values("market_id")
        .annotate(net_sold=summed("net"), orders=Count("pk"))
        .values_list("market_id", "net_sold", "orders")
    )
    found = {market_id: (net, orders) for market_id, net, orders in rows}
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
    found: Mapping[int, tuple[Decimal, int]],
    cards: Mapping[int, Decimal],
    back: Mapping[int, Decimal],
) -> MarketSales:
    net, orders = found.get(market.pk, (ZERO, 0))
    goods = net - cards.get(market.pk, ZERO)
    average = round_money(goods / orders, market.currency) if orders else None
    return MarketSales(market, goods - back.get(market.pk, ZERO), orders, average)


def _lines(market: Market, period: Period) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(in_period("order__confirmed_at", period), order__market=market)
