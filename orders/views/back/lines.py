"""An order's lines as a return asks about them: what may come back, until when, for what else."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.queries.current_prices import prices_now
from catalog.queries.pictures import Picture
from inventory.queries import availability
from orders.models import Order, OrderLine, ReturnRule
from orders.views.back.asked import Pick
from shop.processes.returns.judging import Verdict
from shop.templatetags.shop_text import longdate, money

MOST_SWAPS = 40


@dataclass(frozen=True, slots=True)
class Swap:
    """A piece that can be had instead. words: its name and today's price."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the form. units: that may come back; problem: why none may; told: the terms."""

    id: int
    title: str
    options_text: str
    picture: Picture | None
    units: int
    problem: str
    told: str
    pick: Pick
    swaps: tuple[Swap, ...] = ()
    is_free: bool = False

    @property
    def counts(self) -> list[str]:
        return [str(one) for one in range(self.units + 1)]


def rows_of(
    order: Order,
    verdicts: Mapping[int, Verdict],
    picks: Mapping[int, Pick],
    *,
    now: dt.datetime,
) -> list[Row]:
    lines = list(order.lines.select_related("variant").order_by("position", "pk"))
    open_lines = [one for one in lines if verdicts[one.pk].units and verdicts[one.pk].can_exchange]
    swaps = _swaps(order, open_lines, now)
    return [
        Row(
            id=one.pk,
            title=one.title,
            options_text=one.variant_label,
            picture=Picture.from_json(one.image) if one.image else None,
            units=verdicts[one.pk].units,
            problem=verdicts[one.pk].problem,
            told=_told(verdicts[one.pk]),
            pick=picks.get(one.pk, Pick()),
            swaps=swaps.get(one.pk, ()),
            is_free=verdicts[one.pk].pays == ReturnRule.Pays.SHOP,
        )
        for one in lines
        if one.variant_id or one.is_shipped
    ]


def _told(verdict: Verdict) -> str:
    """The terms in a line: until when, who pays, what is kept."""
    if verdict.problem:
        return ""
    is_free = verdict.pays == ReturnRule.Pays.SHOP
    parts = [
        _("Until %(day)s") % {"day": longdate(verdict.until)} if verdict.until else "",
        _("we pay the way back") if is_free else _("you pay the way back"),
    ]
    if verdict.fee_percent:
        fee = _("%(percent)s%% is kept unless it was our fault")
        parts.append(fee % {"percent": f"{verdict.fee_percent.normalize():f}"})
    text = ", ".join(filter(None, parts))
    return text[:1].upper() + text[1:]


def _swaps(
    order: Order, lines: Iterable[OrderLine], now: dt.datetime
) -> dict[int, tuple[Swap, ...]]:
    """Other variants of the same product that are there, by line. Three queries."""
    products = {one.pk: one.variant.product_id for one in lines if one.variant is not None}
    if not products:
        return {}
    others = list(
        Variant.objects.filter(product__in=set(products.values()), is_active=True)
        .select_related("product")
        .order_by("product", "position", "pk")[: MOST_SWAPS * len(products)]
    )
    stock = availability([one.pk for one in others], now=now)
    prices = prices_now(order.market, [one.pk for one in others], now)
    there = [one for one in others if one.pk in prices and stock[one.pk].available > 0]
    return {
        line: tuple(
            _swap(one, prices[one.pk].amount, order.currency)
            for one in there
            if one.product_id == product
        )
        for line, product in products.items()
    }


def _swap(variant: Variant, price: Decimal, currency: str) -> Swap:
    name = variant.label or variant.product.title
    return Swap(str(variant.pk), f"{name}, {money(price, currency)}")
