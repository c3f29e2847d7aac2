"""The states a story leaves an order in, and the events on the way there."""

import datetime as dt

from orders.models import Order
from shop.demo.seeding.stories import Story

Status, Paid, Sent = Order.Status, Order.Payment, Order.Fulfillment
Event = tuple[str, str, str, dt.datetime, str]
CALLED_OFF, SENT_BACK = "Changed their mind.", "Sent back in good order."


def status(story: Story) -> str:
    if story.expired_at:
        return Status.EXPIRED
    if story.canceled_at:
        return Status.CANCELED
    if story.shipped_at:
        return Status.COMPLETED
    return Status.CONFIRMED if story.paid_at else Status.PENDING


def payment_status(story: Story, *, keeps_some: bool) -> str:
    """keeps_some: whether the shop kept a part of the money of a refunded order."""
    if story.refunded_at:
        return Paid.PARTIALLY_REFUNDED if keeps_some else Paid.REFUNDED
    return Paid.PAID if story.paid_at else Paid.PENDING


def fulfillment_status(story: Story) -> str:
    if story.delivered_at:
        return Sent.DELIVERED
    return Sent.FULFILLED if story.shipped_at else Sent.UNFULFILLED


def return_status(story: Story) -> str:
    is_sent_back = story.refunded_at and story.shipped_at
    return Order.Return.RETURNED if is_sent_back else Order.Return.NONE


def reason(story: Story) -> str:
    """Why its money went back."""
    return CALLED_OFF if story.canceled_at else SENT_BACK


def events(story: Story, *, keeps_some: bool) -> list[Event]:
    """Every move of the order on every axis, in the order they happened."""
    moves: list[tuple[str, str, str, dt.datetime | None, str]] = [
        ("status", "", Status.PENDING, story.placed_at, ""),
        ("payment", Paid.PENDING, Paid.PAID, story.paid_at, ""),
        ("status", Status.PENDING, Status.CONFIRMED, story.paid_at, ""),
        ("status", Status.PENDING, Status.EXPIRED, story.expired_at, ""),
        ("status", Status.CONFIRMED, Status.CANCELED, story.canceled_at, CALLED_OFF),
        ("fulfilment", Sent.UNFULFILLED, Sent.FULFILLED, story.shipped_at, ""),
        ("status", Status.CONFIRMED, Status.COMPLETED, story.shipped_at, ""),
        ("fulfilment", Sent.FULFILLED, Sent.DELIVERED, story.delivered_at, ""),
        ("payment", Paid.PAID, payment_status(story, keeps_some=keeps_some), story.refunded_at, ""),
    ]
    return [(axis, was, became, at, why) for axis, was, became, at, why in moves if at]
