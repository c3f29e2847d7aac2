"""Cards of the newest orders, two of them odd: what a person finds in the queue in the morning."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import Hold, Order
from orders.services import orders
from orders.services.orders import Move
from payments.models import Payment, RiskAssessment
from payments.services import risk
from shop.processes.checkout import confirming

NEWEST = 400
GOOD = {"brand": "visa", "funding": "credit", "risk_level": "normal"}
ODD: tuple[dict[str, Any], ...] = (
    {"country": "BR", "checks": {"cvc": "fail", "postcode": "fail"}, "risk_level": "elevated"},
    {"country": "US", "checks": {"cvc": "pass", "postcode": "fail"}, "risk_level": "highest"},
)


@transaction.atomic
def fill(*, now: dt.datetime) -> None:
    """Tell of cards, and hold what still is in the house: two by the rules, one by hand."""
    cards = Payment.objects.filter(provider="card", charged__gt=0, card={})
    newest = list(cards.select_related("order").order_by("-pk")[:NEWEST])
    for payment in newest:
        payment.card = _card(payment)
    waiting = [one for one in newest if one.order.can_ship]
    for payment, odd in zip(waiting, ODD, strict=False):
        payment.card |= odd
    Payment.objects.bulk_update(newest, ["card"])
    for payment in waiting[: len(ODD)]:
        _look_over(payment.order, now)
    for payment in waiting[len(ODD) : len(ODD) + 1]:
        orders.hold(
            order=payment.order,
            kind=Hold.Kind.ADDRESS,
            reason=_("There is no house of this number: ring them first."),
            move=Move(now),
        )


def _card(payment: Payment) -> dict[str, Any]:
    """A card from where the order goes, its last digits by the payment's id."""
    checks = {"cvc": "pass", "postcode": "pass"}
    last4 = f"{payment.pk * 7919 % 10_000:04d}"
    return {**GOOD, "country": payment.order.country, "last4": last4, "checks": checks}


def _look_over(order: Order, now: dt.datetime) -> None:
    """As if its card had told late: it was confirmed, and waits before it is sent."""
    found = risk.assess(order=order, now=now)
    if found.verdict == RiskAssessment.Verdict.HELD:
        confirming.wait_for_person(order=order, found=found, move=Move(now))
