"""What a confirmed order sold, and what was credited to its buyer, in the books.

Sales stand as they would be without discounts, the discounts on an account of their own; delivery
stands at what was charged for it. Every line but the buyer's says whose tax it met, so sales,
discounts and delivery of a country, territory and rate add up to what that tax was counted on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from orders.models import Order, OrderEdit, TaxLine
from payments.models import GrantedLine, GrantedRefund, JournalEntry
from payments.services.books import posting
from payments.services.books.drafts import Draft, Line
from payments.services.books.roles import Role
from shop.lib.money import ZERO, round_money
from shop.lib.tax import tax_amount
from shop.lib.workdays import shop_day

Kind = JournalEntry.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """Whose tax, at which rate in per cent."""

    country: str
    region: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a sale or a credit under one tax: what it is booked as, and its figures.

    discount: what was taken off its net before it came to be.
    """

    role: Role
    place: Place
    net: Decimal
    tax: Decimal
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Event:
    """A sale or a credit: its name, its day, its order's money."""

    source: str
    at: dt.datetime
    currency: str
    rate: Decimal
    total: Decimal
    order_id: int | None = None
    memo: str = ""


def sale_draft(event: Event, shares: Sequence[Share]) -> Draft:
    """The buyer owes the total; it was earned as sales, delivery and tax, less discounts."""
    lines = [Line(Role.CUSTOMERS, event.total)]
    lines += _summed((one.role, one.place, -one.net - one.discount) for one in shares)
    lines += _summed((Role.DISCOUNTS, one.place, one.discount) for one in shares)
    lines += _summed((Role.OUTPUT_TAX, one.place, -one.tax) for one in shares)
    return _draft(Kind.SALE, event, lines)


def credit_draft(event: Event, shares: Sequence[Share]) -> Draft:
    """The buyer owes so much less: sales are credited, tax is not owed, cards not to be issued."""
    lines = _summed((one.role, one.place, one.net + one.discount) for one in shares)
    lines += _summed((Role.DISCOUNTS, one.place, -one.discount) for one in shares)
    lines += _summed((Role.OUTPUT_TAX, one.place, one.tax) for one in shares)
    return _draft(Kind.CREDIT, event, [*lines, Line(Role.CUSTOMERS, -event.total)])


def _summed(parts: Iterable[tuple[Role, Place, Decimal]]) -> list[Line]:
    """One line for each account and tax."""
    sums: dict[tuple[Role, Place], Decimal] = defaultdict(Decimal)
    for role, place, amount in parts:
        sums[role, place] += amount
    return [
        Line(role, amount, place.country, place.region, place.rate)
        for (role, place), amount in sums.items()
    ]


def _draft(kind: JournalEntry.Kind, event: Event, lines: Sequence[Line]) -> Draft:
    return Draft(
        kind=kind,
        source=event.source,
        on=shop_day(event.at),
        at=event.at,
        currency=event.currency,
        rate=event.rate,
        lines=lines,
        order_id=event.order_id,
        memo=event.memo,
    )


def before_discount(
    *, net: Decimal, full: Decimal, discount: Decimal, untaxed: Decimal, currency: str
) -> Decimal:
    """What a line's net would be without its discount.

    full, discount: on the side prices are entered. untaxed: the net of `full`, for a line of which
    nothing is left to go by.
    """
    if not discount:
        return net
    charged = full - discount
    return round_money(net * full / charged, currency) if charged else untaxed


# From the shop's own rows


def post_sale(*, order: Order, now: dt.datetime) -> None:
    """Book an order's sale, once. The order must be locked."""
    for draft in sales_of([order.pk], at=now):
        posting.post(draft)


def post_edit(*, edit: OrderEdit, now: dt.datetime) -> None:
    """Book what a change added to an order that was sold before, once. Its lines must be there."""
    for draft in additions_of([edit.pk], at=now):
        posting.post(draft)


def post_credit(*, grant: GrantedRefund, now: dt.datetime) -> None:
    """Book what was credited to a buyer, once. The grant's lines must be there."""
    for draft in credits_of([grant.pk], at=now):
        posting.post(draft)


def sales_of(orders: Collection[int], *, at: dt.datetime | None = None) -> Iterator[Draft]:
    """The sales of orders, at the moment each was confirmed unless told. One query.

    Without what later changes added.
    """
    rows = TaxLine.objects.filter(order_id__in=orders, line__edit=None).order_by("order_id", "pk")
    for _order, parts in _by(rows.values_list(*SOLD, named=True), "order_id"):
        first = parts[0]
        source = f"order-{first.order__number}-sale"
        yield _sale(source, at or first.order__confirmed_at, parts)


def additions_of(edits: Collection[int], *, at: dt.datetime | None = None) -> Iterator[Draft]:
    """What changes added, at the moment of each unless told. One query."""
    rows = TaxLine.objects.filter(line__edit_id__in=edits).order_by("line__edit_id", "pk")
    for edit_id, parts in _by(rows.values_list(*SOLD, named=True), "line__edit_id"):
        first = parts[0]
        yield _sale(edit_source(edit_id), at or first.line__edit__made_at, parts)


def edit_source(edit_id: int) -> str:
    return f"edit-{edit_id}-sale"


def _sale(source: str, at: dt.datetime, parts: list[Any]) -> Draft:
    first = parts[0]
    event = Event(
        source=source,
        at=at,
        currency=first.order__currency,
        rate=first.order__exchange_rate,
        total=sum((one.base + one.amount for one in parts), ZERO),
        order_id=first.order_id,
    )
    return sale_draft(event, [_sold(one) for one in parts])


def credits_of(grants: Collection[int], *, at: dt.datetime | None = None) -> Iterator[Draft]:
    """What grants credited, at the moment of each unless told. One query."""
    rows = GrantedLine.objects.filter(grant_id__in=grants).order_by("grant_id", "pk")
    found = rows.values_list(*CREDITED, named=True)
    for grant_id, parts in _by(found, "grant_id"):
        first = parts[0]
        event = Event(
            source=f"grant-{grant_id}",
            at=at or first.grant__granted_at,
            currency=first.grant__order__currency,
            rate=first.grant__order__exchange_rate,
            total=first.grant__total,
            order_id=first.grant__order_id,
            memo=first.grant__reason,
        )
        yield credit_draft(event, [_credited(one) for one in parts])


CARD = "line__variant__product__type__is_gift_card"
PRICED = ("line_id", "line__unit_price", "line__quantity", "line__discount", CARD)
SOLD = (
    *("order_id", "country", "region", "rate", "base", "amount", "included", *PRICED),
    *("order__number", "order__confirmed_at", "order__currency", "order__exchange_rate"),
    *("line__edit_id", "line__edit__made_at"),
)
CREDITED = (
    *("grant_id", "net", "tax", *PRICED),
    *("tax_line__country", "tax_line__region", "tax_line__rate", "tax_line__included"),
    *("grant__granted_at", "grant__total", "grant__reason", "grant__order_id"),
    *("grant__order__currency", "grant__order__exchange_rate"),
)


def _by(rows: Iterable[Any], name: str) -> Iterator[tuple[int, list[Any]]]:
    for key, some in groupby(rows, key=attrgetter(name)):
        yield key, list(some)


def _sold(row: Any) -> Share:
    place = Place(row.country, row.region, row.rate)
    if row.line_id is None:
        return Share(Role.DELIVERY_CHARGED, place, row.base, row.amount)
    discount = _discount(row, row.base, place, row.order__currency, included=row.included)
    role = Role.CARDS_TO_ISSUE if getattr(row, CARD) else Role.SALES
    return Share(role, place, row.base, row.amount, discount)


def _credited(row: Any) -> Share:
    place = Place(row.tax_line__country, row.tax_line__region, row.tax_line__rate)
    if not getattr(row, CARD):
        return Share(Role.CREDITS, place, row.net, row.tax)
    currency = row.grant__order__currency
    discount = _discount(row, row.net, place, currency, included=row.tax_line__included)
    return Share(Role.CARDS_TO_ISSUE, place, row.net, row.tax, discount)


def _discount(row: Any, net: Decimal, place: Place, currency: str, *, included: bool) -> Decimal:
    full = row.line__unit_price * row.line__quantity
    untaxed = tax_amount(full, rate=place.rate, included=included, currency=currency).net
    before = before_discount(
        net=net, full=full, discount=row.line__discount, untaxed=untaxed, currency=currency
    )
    return before - net
