"""Gathering facts: for one order or hundreds, with the same number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from ipaddress import ip_address, ip_network
from operator import or_

from django.db.models import Max, Min, Q

from orders.models import Order
from payments.models import Payment, PaymentEvent
from payments.services.risk.facts import Card, Facts
from shop.lib.network import is_public

Moments = dict[str, list[tuple[dt.datetime, int]]]
Kind, Stage = PaymentEvent.Kind, PaymentEvent.Stage
# A line of the house is so many addresses: an IPv6 customer moves about in a /64.
LINE = 64
# What a capture is called in the log: one that fails refuses no card.
CAPTURE = "capture-"
OUT = (Order.Fulfillment.FULFILLED, Order.Fulfillment.DELIVERED)


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier order of a customer."""

    order: int
    out_at: dt.datetime | None
    disputed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Heap:
    """What the queries brought, to be dealt out to the orders."""

    payments: dict[int, list[Payment]]
    by_email: Moments
    by_line: Moments
    by_card: Moments
    declines: list[tuple[dt.datetime, str, str]]
    history: dict[int, list[Past]]


def gather(
    orders: Sequence[Order], *, reach: dt.timedelta, known_at: Mapping[int, dt.datetime]
) -> dict[int, Facts]:
    """Facts by the order's id, with six queries. known_at: of each order, until when news counts."""
    if not orders:
        return {}
    start = min(one.placed_at for one in orders) - reach
    end = max(one.placed_at for one in orders)
    payments = _payments(orders)
    heap = Heap(
        payments=payments,
        by_email=_by_email(orders, start, end),
        by_line=_by_line(orders, start, end),
        by_card=_by_card(payments, start, end),
        declines=_declines(orders, start, max(known_at.values())),
        history=_history(orders),
    )
    return {order.pk: _facts(order, heap, known_at[order.pk]) for order in orders}


def _facts(order: Order, heap: Heap, known_at: dt.datetime) -> Facts:
    payments = heap.payments.get(order.pk, [])
    delivered, was_disputed = _went_well(
        order, heap.history.get(order.customer_id or 0, ()), known_at
    )
    return Facts(
        currency=order.currency,
        total=order.total,
        email=order.email.lower(),
        street=order.line1,
        postcode=order.postcode,
        country=order.country,
        ip=order.ip or "",
        placed_at=order.placed_at,
        known_at=known_at,
        cards=tuple(_card(one) for one in payments if one.card),
        by={
            "email": _before(order, [heap.by_email.get(order.email.lower(), [])]),
            "ip": _before(order, [heap.by_line.get(_line(order.ip), [])]),
            "card": _before(order, [heap.by_card.get(one, []) for one in _marks(payments)]),
        },
        declines=_refused(order, heap.declines, known_at),
        delivered=delivered,
        was_disputed=was_disputed,
    )


def _payments(orders: Sequence[Order]) -> dict[int, list[Payment]]:
    found: dict[int, list[Payment]] = defaultdict(list)
    rows = Payment.objects.filter(order__in=[one.pk for one in orders]).order_by("pk")
    for payment in rows.only("order", "card", "fingerprint"):
        found[payment.order_id].append(payment)
    return found


def _card(payment: Payment) -> Card:
    card = payment.card
    checks = card.get("checks") or {}
    return Card(
        country=str(card.get("country") or "").upper(),
        risk_level=str(card.get("risk_level") or ""),
        checks={str(name): str(answer) for name, answer in checks.items()},
    )


def _marks(payments: Iterable[Payment]) -> set[str]:
    return {one.fingerprint for one in payments if one.fingerprint}


def _earlier(start: dt.datetime, end: dt.datetime) -> Q:
    return Q(placed_at__gt=start, placed_at__lte=end) & ~Q(status=Order.Status.DRAFT)


def _by_email(orders: Sequence[Order], start: dt.datetime, end: dt.datetime) -> Moments:
    emails = {one.email for one in orders} | {one.email.lower() for one in orders}
    rows = Order.objects.filter(_earlier(start, end), email__in=emails)
    found: Moments = defaultdict(list)
    for pk, email, at in rows.values_list("pk", "email", "placed_at"):
        found[email.lower()].append((at, pk))
    return found


def _line(ip: str | None) -> str:
    """Whose line an address belongs to; "" for addresses that are nobody's: our own network."""
    if not ip or not is_public(ip):
        return ""
    if ip_address(ip).version == 4:
        return ip
    return str(ip_network(f"{ip}/{LINE}", strict=False).network_address)


def _by_line(orders: Sequence[Order], start: dt.datetime, end: dt.datetime) -> Moments:
    found: Moments = defaultdict(list)
    lines = {line for one in orders if (line := _line(one.ip))}
    asked = [_addresses(line) for line in lines] or [Q(pk__in=[])]
    rows = Order.objects.filter(_earlier(start, end), reduce(or_, asked))
    for pk, ip, at in rows.values_list("pk", "ip", "placed_at"):
        found[_line(ip)].append((at, pk))
    return found


def _addresses(line: str) -> Q:
    if ":" not in line:
        return Q(ip=line)
    network = ip_network(f"{line}/{LINE}")
    return Q(ip__gte=str(network[0]), ip__lte=str(network[-1]))


def _by_card(
    payments: Mapping[int, list[Payment]], start: dt.datetime, end: dt.datetime
) -> Moments:
    marks = {mark for some in payments.values() for mark in _marks(some)}
    rows = Payment.objects.filter(
        fingerprint__in=marks, order__placed_at__gt=start, order__placed_at__lte=end
    )
    found: Moments = defaultdict(list)
    pairs = rows.values_list("fingerprint", "order_id", "order__placed_at").distinct()
    for mark, pk, at in pairs:
        found[mark].append((at, pk))
    return found


def _before(
    order: Order, lists: Iterable[list[tuple[dt.datetime, int]]]
) -> tuple[dt.datetime, ...]:
    """When the others were placed, each once, none after this one."""
    mine = (order.placed_at, order.pk)
    return tuple(at for at, pk in sorted({one for some in lists for one in some if one < mine}))


def _declines(
    orders: Sequence[Order], start: dt.datetime, end: dt.datetime
) -> list[tuple[dt.datetime, str, str]]:
    """When a card was refused, to which e-mail, from where. Closing an attempt refuses nothing."""
    lines = {line for one in orders if (line := _line(one.ip))}
    whose = Q(email__in={one.email for one in orders} | {one.email.lower() for one in orders})
    for line in lines:
        whose |= _addresses(line)
    rows = PaymentEvent.objects.filter(
        kind__in=[Kind.AUTHORIZE, Kind.CHARGE],
        stage=Stage.FAILURE,
        amount__gt=0,
        at__gt=start,
        at__lte=end,
        payment__order__in=Order.objects.filter(whose).values("pk"),
    ).exclude(provider_ref__startswith=CAPTURE)
    found = rows.values_list("at", "payment__order__email", "payment__order__ip")
    return [(at, email.lower(), _line(ip)) for at, email, ip in found]


def _refused(
    order: Order, declines: Iterable[tuple[dt.datetime, str, str]], until: dt.datetime
) -> tuple[dt.datetime, ...]:
    line = _line(order.ip)
    return tuple(
        at
        for at, email, place in declines
        if at <= until and (email == order.email.lower() or (line and place == line))
    )


def _history(orders: Sequence[Order]) -> dict[int, list[Past]]:
    """Parcels of these customers that are out."""
    customers = {one.customer_id for one in orders if one.customer_id}
    rows = (
        Order.objects.filter(customer__in=customers, fulfillment_status__in=OUT)
        .annotate(
            out_at=Max("events__at", filter=Q(events__axis="fulfilment", events__to_state__in=OUT)),
            disputed_at=Min("payments__disputes__opened_at"),
        )
        .values_list("customer_id", "pk", "out_at", "disputed_at")
    )
    found: dict[int, list[Past]] = defaultdict(list)
    for customer, pk, out_at, disputed_at in rows:
        found[customer].append(Past(pk, out_at, disputed_at))
    return found


def _went_well(
    order: Order, past: Iterable[Past], until: dt.datetime
) -> tuple[tuple[dt.datetime, ...], bool]:
    """Since when the customer's parcels are out, and whether any was disputed by then."""
    out, was_disputed = [], False
    for one in past:
        if one.disputed_at is not None and one.disputed_at <= until:
            was_disputed = True
        elif one.out_at is not None and one.order != order.pk:
            out.append(one.out_at)
    return tuple(sorted(out)), was_disputed
