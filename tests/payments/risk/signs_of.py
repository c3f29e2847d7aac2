"""Orders with something odd about them."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from orders.models import Hold, Order
from payments.gateways.base import Standing, State
from payments.models import Payment, PaymentEvent, RiskPolicy, RiskRule
from payments.services import payments
from payments.services.payments import Fact
from shop.processes import checkout
from tests.factories import placed_order

AMERICAN = {"country": "US", "brand": "visa", "last4": "4242", "checks": {"cvc": "fail"}}


def with_card(order, card=None, fingerprint="", now=None):
    """An attempt to pay by card, as the gateway fills it."""
    payment = payments.open_attempt(order=order, provider="card", now=now or timezone.now())
    Payment.objects.filter(pk=payment.pk).update(card=card or {}, fingerprint=fingerprint)
    payment.refresh_from_db()
    return payment


def pay(payment, now=None, **told):
    """The provider says that the money is there. told: what else it says."""
    standing = Standing(State.CHARGED, payment.amount, payment.currency, f"pi_{payment.pk}", **told)
    return checkout.confirm_payment(
        payment_id=payment.pk, standing=standing, now=now or timezone.now()
    )


def refuse(payment, reference, at):
    """The bank says no."""
    fact = Fact(
        PaymentEvent.Kind.CHARGE,
        PaymentEvent.Stage.FAILURE,
        Decimal(5),
        reference,
        "Your card was declined.",
    )
    payments.record(payment=payment, fact=fact, now=at)


def only(kind, params, score=100, **fields):
    """The one rule of the shop."""
    RiskRule.objects.all().delete()
    return RiskRule.objects.create(kind=kind, name="Odd", score=score, params=params, **fields)


def look_at_everything():
    RiskPolicy.objects.update_or_create(pk=1, defaults={"verify_everything": True})


def held_order(**fields):
    """Paid by a card that the bank does not know like that: it waits for a person."""
    only(RiskRule.Kind.ADDRESS_CHECK, {"checks": ["cvc"]}, score=70)
    order = placed_order(**fields)
    pay(with_card(order, AMERICAN, "fp_1"))
    order.refresh_from_db()
    return order


def doubt(order):
    return Hold.objects.get(order=order, kind=Hold.Kind.HIGH_RISK, released_at=None)


def moved_back(order, **ago):
    """As if it had been placed earlier."""
    order.placed_at -= dt.timedelta(**ago)
    Order.objects.filter(pk=order.pk).update(placed_at=order.placed_at)
    return order
