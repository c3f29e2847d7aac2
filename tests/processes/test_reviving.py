"""An order that was closed and paid after all gets everything back it had, or its money does."""

import datetime as dt

import pytest
from django.utils import timezone

from inventory.models import LicenceKey
from marketing.models import PromotionUse
from orders.models import CartCode
from payments.gateways.base import Standing, State
from payments.models import Refund
from payments.services import payments
from shop.outbox.models import Message
from shop.processes import bookkeeping, checkout
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.promotions import CouponFactory
from tests.factories.specials import key_variant
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + dt.timedelta(days=2)


def ordered(variant=None, *, code="", kind="coupon", now=NOW, **buyer):
    """An order with a code in its cart, and its open card payment."""
    line = CartLineFactory(variant=variant or in_stock(5))
    if code:
        CartCode.objects.create(cart=line.cart, kind=kind, value=code, shown=code[:8], added_at=now)
    order = checkout.place_order(cart=line.cart, choice=checkout_of("card", **buyer), now=now)
    payment = payments.open_attempt(order=order, provider="card", now=now)
    payments.name_reference(payment=payment, reference=f"cs_{order.number}")
    return order, payment


def charged(order, payment):
    standing = Standing(State.CHARGED, payment.amount, payment.currency, f"pi_{payment.pk}")
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=LATER)
    order.refresh_from_db()
    return order


def broken():
    found = bookkeeping.reconcile(now=LATER)
    return [one.name for one in found if one.is_broken and one.name != "orders.expired"]


def in_use():
    return PromotionUse.objects.filter(released_at=None).count()


def test_its_use_of_a_code_counts_again():
    coupon = CouponFactory(usage_limit=1)
    order, payment = ordered(code=coupon.code)
    checkout.expire(now=LATER)
    assert in_use() == 0

    assert charged(order, payment).status == "confirmed"

    coupon.refresh_from_db()
    assert (in_use(), coupon.uses) == (1, 1)
    assert not broken()


def test_a_code_that_somebody_else_used_up_sends_the_money_back():
    coupon = CouponFactory(usage_limit=1)
    order, payment = ordered(code=coupon.code)
    checkout.expire(now=LATER)
    ordered(code=coupon.code, now=LATER, email="bob@example.com")

    assert charged(order, payment).status == "expired"

    coupon.refresh_from_db()
    assert (in_use(), coupon.uses) == (1, 1)
    assert Refund.objects.get().amount == payment.amount
    assert not broken()


def test_keys_are_set_aside_again_and_handed_over():
    variant = key_variant("AAA-1")
    order, payment = ordered(variant)
    checkout.expire(now=LATER)

    assert charged(order, payment).status == "completed"
    assert LicenceKey.objects.get().holder == order.lines.get().holder


def test_the_last_key_of_somebody_else_stays_theirs():
    variant = key_variant("AAA-1")
    order, payment = ordered(variant)
    checkout.expire(now=LATER)
    other, _payment = ordered(variant, now=LATER, email="bob@example.com")

    assert charged(order, payment).status == "expired"
    assert LicenceKey.objects.get().holder == other.lines.get().holder


def test_a_gift_card_that_is_free_again_is_not_taken_behind_its_owners_back():
    card = gift_card("5.00")
    order, payment = ordered(code=card.digest, kind="gift_card")
    checkout.expire(now=LATER)

    assert charged(order, payment).status == "expired"

    card.refresh_from_db()
    assert card.balance == 5
    assert Refund.objects.get().amount == payment.amount
    assert not broken()


def test_what_left_the_catalogue_is_not_promised_again():
    variant = in_stock(5)
    order, payment = ordered(variant)
    checkout.expire(now=LATER)
    order.lines.update(variant=None)

    assert charged(order, payment).status == "expired"


def test_the_buyer_is_thanked_once_and_told_what_happened():
    order, payment = ordered()
    checkout.expire(now=LATER)

    charged(order, payment)
    charged(order, payment)

    topics = list(Message.objects.filter(topic__startswith="mail.").values_list("topic", flat=True))
    assert sorted(topics) == ["mail.late_payment_accepted", "mail.order_confirmation"]
    assert order.events.filter(axis="note").count() == 1
