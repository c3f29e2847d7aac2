"""What can be put into an order: found by its number or a word, with what it costs today."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from catalog.models import Variant
from catalog.queries.current_prices import prices_now
from inventory.queries import availability
from orders.models import Order
from shop.lib.money import ZERO

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A variant, its price in the order's market today, and how many can be had."""

    variant: Variant
    price: Decimal
    there: int


def like(order: Order, text: str, *, now: dt.datetime) -> list[Found]:
    """A dozen variants whose SKU, barcode or name has this in it; the exact one first."""
    text = text.strip()
    if not text:
        return []
    rows = _rows().filter(is_active=True)
    exact = list(rows.filter(Q(sku__iexact=text) | Q(barcode=text))[:MOST])
    like_ = rows.filter(Q(sku__icontains=text) | Q(product__title__icontains=text))
    rest = like_.exclude(pk__in=[one.pk for one in exact]).order_by("product__title", "pk")
    return _found(order, [*exact, *rest[: MOST - len(exact)]], now)


def known(order: Order, ids: Iterable[str], *, now: dt.datetime) -> list[Found]:
    """Those that were chosen before, in the order they were."""
    wanted = list(dict.fromkeys(int(one) for one in ids if one.isdecimal() and len(one) <= 18))
    by_id = _rows().in_bulk(wanted[:MOST])
    return _found(order, [by_id[pk] for pk in wanted if pk in by_id], now)


def _rows() -> "QuerySet[Variant]":
    return Variant.objects.select_related("product__type__tax_class")


def _found(order: Order, variants: list[Variant], now: dt.datetime) -> list[Found]:
    ids = [one.pk for one in variants]
    prices = prices_now(order.market, ids, now)
    stock = availability(ids, now=now)
    return [
        Found(one, prices[one.pk].amount if one.pk in prices else ZERO, stock[one.pk].sellable)
        for one in variants
    ]
