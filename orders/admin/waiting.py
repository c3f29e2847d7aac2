"""What waits for whom: orders narrowed to one kind of work, one question each."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from orders.models import CallTask, Claim, Draft, Hold, Order, OrderEdit, Return
from shipping.models import Fulfilment, PickWave

Orders = QuerySet[Order]
Parcel = Fulfilment.Status
OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)
IN_HAND = (Parcel.PICKING, Parcel.PACKED)


def to_ship(orders: Orders, _now: dt.datetime) -> Orders:
    left = [Order.Fulfillment.UNFULFILLED, Order.Fulfillment.PARTIALLY_FULFILLED]
    return orders.filter(status=Order.Status.CONFIRMED, fulfillment_status__in=left)


def held(order: str = "pk") -> Exists:
    return Exists(Hold.objects.filter(order=OuterRef(order), released_at=None))


def on_hold(orders: Orders, _now: dt.datetime) -> Orders:
    return orders.filter(held(), status__in=OPEN)


def to_verify(orders: Orders, _now: dt.datetime) -> Orders:
    """Not accepted yet, and the money is there or promised, or somebody or a rule stopped it."""
    money = [Order.Payment.PAID, Order.Payment.AUTHORIZED, Order.Payment.PARTIALLY_PAID]
    waits = Q(payment_status__in=money) | held()
    return orders.filter(waits, status=Order.Status.PENDING)


def to_pick(orders: Orders, now: dt.datetime) -> Orders:
    """To be sent, and nobody has begun with it."""
    return to_ship(orders, now).exclude(held()).exclude(_has_parcel(status__in=IN_HAND))


def to_pack(orders: Orders, _now: dt.datetime) -> Orders:
    """Picked: on a trolley of a wave that is through, or fetched without one."""
    is_fetched = Q(wave=None) | Q(wave__status=PickWave.Status.PICKED)
    return orders.filter(_has_parcel(is_fetched, status=Parcel.PICKING))


def to_send(orders: Orders, _now: dt.datetime) -> Orders:
    return orders.filter(_has_parcel(status=Parcel.PACKED))


def to_call(orders: Orders, now: dt.datetime) -> Orders:
    due = CallTask.objects.filter(order=OuterRef("pk"), closed_at=None, due_at__lte=now)
    return orders.filter(Exists(due))


def returns_to_approve(orders: Orders, _now: dt.datetime) -> Orders:
    return orders.filter(_has_return(Return.Status.REQUESTED))


def returns_to_check(orders: Orders, _now: dt.datetime) -> Orders:
    """The parcel is there; nobody has looked at all of it and paid."""
    return orders.filter(_has_return(Return.Status.RECEIVED, Return.Status.INSPECTED))


def claims_to_answer(orders: Orders, _now: dt.datetime) -> Orders:
    waiting = [Claim.Status.OPEN, Claim.Status.INVESTIGATING]
    return orders.filter(Exists(Claim.objects.filter(order=OuterRef("pk"), status__in=waiting)))


def quotes_waiting(orders: Orders, _now: dt.datetime) -> Orders:
    """Sent to a buyer, who has not paid yet."""
    sent = Draft.objects.filter(order=OuterRef("pk"), sent_at__isnull=False)
    return orders.filter(Exists(sent), status=Order.Status.PENDING)


def edits_waiting(orders: Orders, _now: dt.datetime) -> Orders:
    """Changed after it was placed, and the difference is not paid yet."""
    dearer = OrderEdit.objects.filter(order=OuterRef("pk"), difference__gt=0)
    owing = [Order.Payment.PENDING, Order.Payment.PARTIALLY_PAID]
    return orders.filter(Exists(dearer), status__in=OPEN, payment_status__in=owing)


def _has_parcel(*asked: Q, **fields: object) -> Exists:
    return Exists(Fulfilment.objects.filter(*asked, order=OuterRef("pk"), **fields))


def _has_return(*states: str) -> Exists:
    return Exists(Return.objects.filter(order=OuterRef("pk"), status__in=states))
