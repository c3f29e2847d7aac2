"""How far an order is, in words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Order
from shipping.models import Fulfilment
from shop.lib.workdays import shop_day, shop_zone
from shop.templatetags.shop_text import current_locale, day_text

Status = Order.Status
CLOSED = (Status.EXPIRED, Status.CANCELED)


@dataclass(frozen=True, slots=True)
class Step:
    """One station of a way, done or to come."""

    title: str
    detail: str
    is_done: bool
    is_current: bool = False


def waits(order: Order) -> bool:
    """Whether nothing happens before its money is there."""
    return order.can_be_paid and order.status == Status.PENDING


def is_collected(order: Order) -> bool:
    """Whether the buyer fetches it in the house's own shop."""
    return bool(order.pickup) and order.pickup.get("kind") == "collect"


def headline(order: Order) -> str:
    if order.status == Status.CANCELED:
        return _("This order was cancelled")
    if order.status == Status.EXPIRED:
        return _("This order was not paid in time")
    if waits(order):
        return _("Waiting for your payment")
    if order.fulfillment_status == Order.Fulfillment.DELIVERED:
        return _("Your order has been collected") if is_collected(order) else _("Delivered")
    if order.arrives_by is None:
        return _("Your order is on its way")
    date = day(order.arrives_by, "EEEE d MMMM")
    if order.arrives_by < shop_day(timezone.now()):
        return _("Arrived by %(day)s") % {"day": date}
    return _("Arriving by %(day)s") % {"day": date}


def status_text(order: Order) -> str:
    if order.status == Status.CANCELED:
        return _("Nothing more will be sent. What was paid is given back.")
    if order.status == Status.EXPIRED:
        return _("The goods are back on sale. You are welcome to order again.")
    if waits(order) and order.payment_status == Order.Payment.PARTIALLY_PAID:
        return _("Part of the money is in. We post your goods once the rest is.")
    if waits(order):
        return _("We have set your goods aside and post them once the money is in.")
    if order.fulfillment_status == Order.Fulfillment.UNFULFILLED:
        return _("We are packing it.")
    if order.fulfillment_status == Order.Fulfillment.DELIVERED:
        return _("Everything has arrived.")
    return _("It has left our studio.")


def online_words(order: Order) -> dict[str, str]:
    """What an order without a parcel says of itself."""
    if order.status in CLOSED:
        return {}
    if order.can_be_paid:
        return {"status_text": _("Everything is yours as soon as the money is in.")}
    return {
        "headline": _("Your order is complete"),
        "status_text": _("There is no parcel to wait for: this is all yours now."),
    }


def steps(order: Order, parcels: Sequence[Fulfilment], *, is_sent: bool) -> list[Step]:
    if order.status in CLOSED:
        return [
            Step(_("Ordered"), moment(order.placed_at), is_done=True),
            Step(order.get_status_display(), "", is_done=True, is_current=True),
        ]
    is_paid = order.paid_at is not None
    ordered = Step(_("Ordered"), moment(order.placed_at), is_done=True)
    paid = Step(_("Paid"), moment(order.paid_at), is_done=is_paid, is_current=not is_paid)
    if not is_sent:
        return [ordered, paid, Step(_("Yours"), "", is_done=is_paid, is_current=is_paid)]
    if order.can_be_paid and not waits(order):
        # Sent first and paid later.
        return [ordered, *_way(order, parcels, is_paid=True)]
    return [ordered, paid, *_way(order, parcels, is_paid=is_paid)]


def _way(order: Order, parcels: Sequence[Fulfilment], *, is_paid: bool) -> list[Step]:
    sent = next((one.shipped_at for one in parcels if one.shipped_at), None)
    is_there = order.fulfillment_status == Order.Fulfillment.DELIVERED
    has_left = is_there or order.fulfillment_status == Order.Fulfillment.FULFILLED
    posted = Step(_("Posted"), moment(sent), is_done=has_left, is_current=is_paid and not has_left)
    if is_there:
        last = max((one.delivered_at for one in parcels if one.delivered_at), default=None)
        return [posted, Step(_("Delivered"), moment(last), is_done=True, is_current=True)]
    arrival = day(order.arrives_by, "EEE d MMM") if order.arrives_by else ""
    return [posted, Step(_("Arriving"), arrival, is_done=False, is_current=has_left)]


def day(date: dt.date, pattern: str) -> str:
    return day_text(date, pattern, current_locale())


def moment(at: Any) -> str:
    if at is None:
        return ""
    return str(format_datetime(at, "EEE d MMM, HH:mm", tzinfo=shop_zone(), locale=current_locale()))
