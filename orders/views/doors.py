"""What can be done with an order from its own page: send back, complain, withdraw, order again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.views.cases import page_of
from shop.processes import claiming, returns, selfservice
from shop.processes.returns import Verdict
from shop.templatetags.shop_text import longdate

CLOSED = (Order.Status.DRAFT, Order.Status.EXPIRED)
OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses; an empty one is no way. verdict: what the policy says of sending it back."""

    give_back: str
    verdict: str
    claim: str
    withdraw: str
    withdraw_until: str
    cancel: str
    address: str
    again: str
    # Why it can't be cancelled or sent elsewhere any more.
    late: str


def doors_of(
    order: Order, lines: Sequence[OrderLine], *, now: dt.datetime, has_begun: bool
) -> Doors:
    """lines: all of the order's, with the edits that added them. has_begun: the house, with it."""
    again = page_of(order, "orders:order_again")
    if order.status in CLOSED:
        return Doors("", "", "", "", "", "", "", again, "")
    allowed = selfservice.may_change(order, lines, has_begun=has_begun)
    verdicts = list(returns.verdicts(order=order, lines=lines, now=now).values())
    can_withdraw = any(one.withdraw_units for one in verdicts)
    days = [one.withdraw_until for one in verdicts if one.withdraw_units and one.withdraw_until]
    return Doors(
        give_back=page_of(order, "orders:return_start") if _has_left(order) else "",
        verdict=verdict_of(verdicts) if _has_left(order) else "",
        claim=page_of(order, "orders:claim_start") if _can_claim(order, lines) else "",
        withdraw=withdraw_url(order) if can_withdraw else "",
        withdraw_until=longdate(max(days)) if days else "",
        cancel="" if allowed.cancel else page_of(order, "orders:order_cancel"),
        address="" if allowed.address else page_of(order, "orders:order_address"),
        again=again,
        late=allowed.cancel if order.status in OPEN and not _has_left(order) else "",
    )


def _can_claim(order: Order, lines: Sequence[OrderLine]) -> bool:
    is_sent = any(line.is_shipped and line.fulfilled for line in lines)
    return is_sent and bool(claiming.kinds(order=order))


def _has_left(order: Order) -> bool:
    return order.fulfillment_status != Order.Fulfillment.UNFULFILLED


def withdraw_url(order: Order) -> str:
    return f"{reverse('orders:withdraw')}?order={order.number}&t={order.link_token}"


def verdict_of(verdicts: Iterable[Verdict]) -> str:
    """In a sentence: until when something may come back, or why nothing may."""
    everything = list(verdicts)
    able = [one for one in everything if one.units]
    days = [one.until for one in able if one.until]
    if days:
        return _("You can send it back until %(day)s.") % {"day": longdate(min(days))}
    if able:
        return _("You can send it back as soon as it has arrived.")
    problems = list(dict.fromkeys(one.problem for one in everything if one.problem))
    return problems[0] if len(problems) == 1 else _("Nothing of it can be sent back now.")


def done_text(did: str) -> str:
    """What is said after something was done; nothing for what is unknown."""
    words = {
        "cancel": _("The order is cancelled. What was paid goes back the way it came."),
        "address": _("The address is changed, and we have written it to you."),
    }
    return words.get(did, "")
