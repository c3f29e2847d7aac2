"""Whatever happens to orders, in whatever order: the books balance and every promise holds.

The machine plays shoppers, staff, the card provider, buyers' banks and the clock. What the shop
refuses in words must change nothing.
"""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orders.models import CartCode, Order
from payments.gateways.base import (
    Captured,
    DisputeStanding,
    Outcome,
    Refunded,
    Standing,
    State,
    Voided,
)
from payments.models import (
    Capture,
    Dispute,
    GrantedRefund,
    JournalLine,
    Payment,
    PaymentMethod,
    Refund,
)
from payments.services import payments
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.processes import bookkeeping, capturing, checkout, disputing, fulfilment, refunding
from shop.processes.fulfilment import Parcel
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.value import gift_card, gift_card_variant

pytestmark = pytest.mark.django_db

# Few orders, so that much happens to each.
MOST = 3
WAYS = ("card", "held", "bank_transfer", "cash_on_delivery", "gift_card", "part_gift_card")
To = GrantedRefund.To


class History(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        # Undone after each history; the shop's own transactions see themselves as outermost.
        self.block = transaction.atomic()
        self.block._from_testcase = True
        self.block.__enter__()
        self.now = timezone.now()
        self.mug = in_stock(200, price=Decimal("19.99"))
        self.bowl = in_stock(200, price=Decimal("7.35"))
        self.present = gift_card_variant("25.00")
        self.news = self.placed = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # Shoppers

    @initialize(target=orders, way=st.sampled_from(WAYS), pays=st.booleans())
    def begin(self, way, pays):
        """No history begins with an empty shop: too little would happen in it."""
        order = self.place(way, 2, 1)
        if pays:
            self.pay(order, again=False)
        return order

    @precondition(lambda self: self.placed < MOST)
    @rule(target=orders, way=st.sampled_from(WAYS), mugs=st.integers(1, 3), bowls=st.integers(0, 2))
    def place(self, way, mugs, bowls):
        self.placed += 1
        method = way if way in {"bank_transfer", "cash_on_delivery"} else "card"
        hold_first = "manual" if way == "held" else "automatic"
        PaymentMethod.objects.update_or_create(code="card", defaults={"capture": hold_first})
        choice = checkout_of(method)
        line = CartLineFactory(variant=self.mug, quantity=mugs)
        if bowls:
            CartLineFactory(cart=line.cart, variant=self.bowl, quantity=bowls)
        if way in {"gift_card", "part_gift_card"}:
            card = gift_card("200" if way == "gift_card" else "5", now=self.now)
            line.cart.codes.create(
                kind=CartCode.Kind.GIFT_CARD, value=card.digest, shown="…", added_at=self.now
            )
        return checkout.place_order(cart=line.cart, choice=choice, now=self.now).pk

    @precondition(lambda self: self.placed < MOST)
    @rule(target=orders)
    def buy_a_gift_card(self):
        self.placed += 1
        line = CartLineFactory(variant=self.present)
        return checkout.place_order(cart=line.cart, choice=checkout_of(), now=self.now).pk

    # The card provider

    @rule(order=orders, again=st.booleans())
    def pay(self, order, again):
        order = Order.objects.get(pk=order)
        payment = self._card_payment(order, again=again)
        if payment is None:
            return
        self._news(payment, State.AUTHORIZED if payment.is_manual else State.CHARGED)

    @rule(order=orders)
    def decline(self, order):
        payment = self._card_payment(Order.objects.get(pk=order), again=False)
        if payment is not None:
            self._news(payment, State.CLOSED)

    @rule(order=orders, share=st.sampled_from([1, 2]), is_final=st.booleans())
    def capture(self, order, share, is_final):
        for payment in Payment.objects.filter(order=order, provider="card", authorized__gt=0):
            left = payments.take_left(payment)
            amount = (left / share).quantize(Decimal("0.01"))
            with suppress(Refused):
                capturing.request_capture(
                    payment_id=payment.pk,
                    amount=amount,
                    is_final=is_final,
                    actor=None,
                    now=self.now,
                )

    @rule(data=st.data(), outcome=st.sampled_from([Outcome.DONE, Outcome.DONE, Outcome.REFUSED]))
    def answer_a_capture(self, data, outcome):
        waiting = list(Capture.objects.filter(status="pending").order_by("pk"))
        if waiting:
            one = data.draw(st.sampled_from(waiting))
            answer = Captured(outcome, f"ch_{one.pk}", "")
            capturing.capture_answered(capture_id=one.pk, answer=answer, now=self.now)

    @rule(order=orders)
    def let_go(self, order):
        for payment in Payment.objects.filter(order=order, provider="card", authorized__gt=0):
            with suppress(Refused):
                capturing.request_void(
                    payment_id=payment.pk, reason="Sold out", actor=None, now=self.now
                )
                capturing.void_answered(
                    payment_id=payment.pk, answer=Voided(Outcome.DONE, "v"), now=self.now
                )

    @rule(data=st.data(), outcome=st.sampled_from(list(Outcome)))
    def answer_a_refund(self, data, outcome):
        waiting = list(Refund.objects.filter(status="pending").order_by("pk"))
        if waiting:
            one = data.draw(st.sampled_from(waiting))
            answer = Refunded(outcome, f"re_{one.pk}", "")
            refunding.refund_answered(refund_id=one.pk, answer=answer, now=self.now)

    # A buyer's bank

    @rule(order=orders, part=st.booleans())
    def dispute(self, order, part):
        charged = Payment.objects.filter(order=order, provider="card", charged__gt=0)
        for payment in charged.exclude(charge_ref=""):
            if payments.give_back_left(payment) == payment.charged and not payment.disputed:
                amount = Decimal("1.00") if part else payment.charged
                self._dispute(payment.pk, amount, Dispute.Status.NEEDS_RESPONSE)

    @rule(data=st.data(), verdict=st.sampled_from([Dispute.Status.WON, Dispute.Status.LOST]))
    def decide_a_dispute(self, data, verdict):
        cases = list(Dispute.objects.filter(closed_at=None).order_by("pk"))
        if cases:
            case = data.draw(st.sampled_from(cases))
            self._dispute(case.payment_id, case.amount, verdict)

    # Staff

    @rule(order=orders)
    def see_the_money(self, order):
        with suppress(Refused):
            checkout.mark_paid(order_id=order, actor=None, reference="statement", now=self.now)

    @rule(order=orders, whole=st.booleans())
    def ship(self, order, whole):
        lines = Order.objects.get(pk=order).lines.filter(is_shipped=True)
        some = {line.pk: 1 for line in lines if line.unfulfilled}
        with suppress(Refused):
            fulfilment.dispatch(
                order_id=order,
                quantities=None if whole else some,
                parcel=Parcel("Royal Mail", "QB1"),
                actor=None,
                now=self.now,
            )

    @rule(order=orders)
    def cancel(self, order):
        with suppress(Refused):
            fulfilment.cancel(order_id=order, reason="Changed mind", actor=None, now=self.now)

    @rule(order=orders, what=st.sampled_from(["unit", "goodwill", "rest"]), to=st.sampled_from(To))
    def refund(self, order, what, to):
        line = Order.objects.get(pk=order).lines.order_by("pk").first()
        asked = {
            "unit": Asked(units={line.pk: 1}),
            "goodwill": Asked(goodwill=Decimal("1.01")),
            "rest": Asked(whole=True),
        }[what]
        self.news += 1
        with suppress(Refused):
            refunding.refund(
                order_id=order,
                asked=asked,
                to=to,
                reason="Arrived chipped",
                key=f"form-{self.news}",
                actor=None,
                now=self.now,
            )

    # The clock

    @rule(hours=st.sampled_from([1, 30, 24 * 8]))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)
        checkout.expire(now=self.now)

    # What must hold after each of them

    @invariant()
    def the_trial_balance_is_zero(self):
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
        sums = JournalLine.objects.values("entry__currency").annotate(
            a=Sum("amount"), b=Sum("base")
        )
        assert [one for one in sums if one["a"] or one["b"]] == []

    @invariant()
    def every_promise_holds(self):
        found = bookkeeping.reconcile(now=self.now)
        assert [one for one in found if one.is_broken] == []

    # Hands

    def _card_payment(self, order, *, again):
        known = Payment.objects.filter(order=order, provider="card")
        if again and (paid := known.exclude(charge_ref="").first()):
            return paid
        if found := known.filter(is_open=True).first():
            return found
        if order.can_be_paid and order.payment_method == "card":
            return payments.open_attempt(order=order, provider="card", now=self.now)
        return None

    def _news(self, payment, state):
        reference = payment.charge_ref or f"pi_{payment.pk}"
        standing = Standing(
            state, payment.amount, payment.currency, reference, charge_ref=reference
        )
        checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=self.now)

    def _dispute(self, payment_id, amount, status):
        payment = Payment.objects.get(pk=payment_id)
        disputing.seen(
            standing=DisputeStanding(
                reference=f"du_{payment_id}",
                charge_ref=payment.charge_ref,
                amount=amount,
                currency=payment.currency,
                fee=Decimal("20.00"),
                reason="fraudulent",
                status=status,
                due_at=self.now + dt.timedelta(days=7),
                opened_at=self.now,
                took_money=True,
            ),
            now=self.now,
        )


def test_any_history_leaves_balanced_books():
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=20,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
