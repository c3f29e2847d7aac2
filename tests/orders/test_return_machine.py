"""Whatever is bought, paid, sent, brought back, exchanged and claimed: all numbers agree.

The machine plays shoppers, staff, the card provider, the post and the clock. After every step
stock, money and states are what the shop's promises say. What it refuses must change nothing.
"""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import transaction
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

from inventory.models import StockItem
from orders.models import CartCode, Claim, Order, OrderLine, Return, ReturnCheck, ReturnRule
from payments.gateways.base import Outcome, Refunded, Standing, State
from payments.models import Refund
from payments.services import payments
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.processes import (
    bookkeeping,
    checkout,
    claiming,
    fulfilment,
    refunding,
    returns,
)
from shop.processes.fulfilment import Parcel
from shop.processes.returns import Found, Wanted
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.promotions import promotion
from tests.factories.specials import bundle_of
from tests.factories.value import gift_card, gift_card_variant

pytestmark = pytest.mark.django_db

Disposition = ReturnCheck.Disposition
NO = (Refused, InvalidTransition)
START = 60
KINDS, WISHES = st.sampled_from(Claim.Kind), st.sampled_from(Claim.Outcome)
# Few orders, so that much happens to each.
MOST = 3


class BackAgain(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self):
        super().__init__()
        # Undone after each history; the shop's own transactions see themselves as outermost.
        self.block = transaction.atomic()
        self.block._from_testcase = True
        self.block.__enter__()
        self.now = timezone.now()
        promotion("percent", {"percent": "7"})
        self.mug = in_stock(START, price=Decimal("19.99"), cost=Decimal("6.00"))
        self.bowl = in_stock(START, price=Decimal("7.35"), cost=Decimal("2.10"))
        self.set = bundle_of({self.mug: 1, self.bowl: 2})
        self.card = gift_card_variant("25.00")
        ReturnRule.objects.create(name="All", fee_percent=10, approve_below=30, keep_below=8)
        self.news = self.placed = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def key(self):
        self.news += 1
        return f"form-{self.news}"

    # Shoppers and their bank

    @initialize(
        target=orders,
        with_card=st.booleans(),
        what=st.sampled_from(["set", "bowl"]),
        whole=st.booleans(),
        data=st.data(),
    )
    def begin(self, with_card, what, whole, data):
        """No history begins with an empty shop: something was sent, and some of it comes back."""
        order = self._place(with_card, what)
        self.pay(order)
        self.ship(order, whole=whole)
        self.ask(order, data, data.draw(st.sampled_from(["exchange", *Return.Wish])))
        self.carry_on(data, data.draw(st.sampled_from([0, 2, 4])), whole=True)
        self.claim(order, *data.draw(st.tuples(KINDS, WISHES, st.booleans())))
        return order

    @precondition(lambda self: self.placed < MOST)
    @rule(target=orders, with_card=st.booleans(), what=st.sampled_from(["card", "set", "bowl"]))
    def place(self, with_card, what):
        order = self._place(with_card, what)
        self.pay(order)
        return order

    @rule(order=orders)
    def pay(self, order):
        order = Order.objects.get(pk=order)
        if order.can_be_paid:
            with suppress(*NO):
                payment = payments.open_attempt(order=order, provider="card", now=self.now)
                standing = Standing(
                    State.CHARGED,
                    payment.amount,
                    payment.currency,
                    f"pi_{payment.pk}",
                    charge_ref=f"pi_{payment.pk}",
                )
                checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=self.now)

    @rule(order=orders, data=st.data(), wish=st.sampled_from(Return.Wish))
    def ask(self, order, data, wish):
        known = returns.verdicts(order=Order.objects.get(pk=order), now=self.now)
        lines = [pk for pk, verdict in known.items() if verdict.units]
        if not lines:
            return
        chosen = data.draw(st.lists(st.sampled_from(lines), min_size=1, unique=True))
        reason = data.draw(st.sampled_from(["changed_mind", "faulty"]))
        # Sometimes more than there are.
        wanted = [Wanted(pk, data.draw(st.integers(1, 2)), reason) for pk in chosen]
        other = data.draw(st.sampled_from([self.mug, self.bowl]))
        with suppress(*NO):
            returns.request(
                order_id=order,
                wanted=wanted,
                wish=wish,
                swaps={one.line_id: other.pk for one in wanted},
                key=self.key(),
                actor=None,
                now=self.now,
            )

    @rule(order=orders, data=st.data(), whole=st.booleans())
    def withdraw(self, order, data, whole):
        line = data.draw(st.sampled_from(list(Order.objects.get(pk=order).lines.order_by("pk"))))
        with suppress(*NO):
            returns.withdraw(
                order_id=order,
                wanted=None if whole else [Wanted(line.pk, 1)],
                words="",
                key=self.key(),
                now=self.now,
            )

    @rule(order=orders, kind=KINDS, wish=WISHES, is_believed=st.booleans())
    def claim(self, order, kind, wish, is_believed):
        line = Order.objects.get(pk=order).lines.order_by("pk").first()
        with suppress(*NO):
            made = claiming.open(
                order_id=order,
                kind=kind,
                lines={line.pk: 1},
                wish=wish,
                words="",
                key=self.key(),
                actor=None,
                now=self.now,
            )
            if is_believed:
                claiming.accept(claim_id=made.pk, actor=None, now=self.now)

    # Staff

    @rule(order=orders, whole=st.booleans())
    def ship(self, order, whole):
        lines = Order.objects.get(pk=order).lines.filter(is_shipped=True)
        some = {line.pk: 1 for line in lines if line.unfulfilled}
        with suppress(*NO):
            fulfilment.dispatch(
                order_id=order,
                quantities=None if whole else some,
                parcel=Parcel("Royal Mail", "QB1"),
                actor=None,
                now=self.now,
            )

    @rule(order=orders)
    def cancel_order(self, order):
        with suppress(*NO):
            fulfilment.cancel(order_id=order, reason="Changed mind", actor=None, now=self.now)

    @rule(order=orders)
    def refund_a_unit(self, order):
        line = Order.objects.get(pk=order).lines.order_by("pk").first()
        with suppress(*NO):
            refunding.refund(
                order_id=order,
                asked=Asked(units={line.pk: 1}),
                to="origin",
                reason="Chipped",
                key=self.key(),
                actor=None,
                now=self.now,
            )

    @rule(data=st.data(), does=st.sampled_from(["approve", "at_once", "decline", "cancel", "post"]))
    def answer(self, data, does):
        rma = self._some(data, Return.objects.filter(status__in=["requested", "approved"]))
        if rma is None:
            return
        told = {"rma_id": rma.pk, "actor": None, "now": self.now}
        with suppress(*NO):
            match does:
                case "approve" | "at_once":
                    returns.approve(**told, at_once=does == "at_once")
                case "decline":
                    returns.decline(**told, reason="Worn")
                case "cancel":
                    returns.cancel(**told)
                case "post":
                    returns.on_its_way(**told, tracking_number="RM1")

    @rule(data=st.data(), steps=st.integers(1, 4), whole=st.booleans())
    def carry_on(self, data, steps, whole):
        """The next things that usually happen to a return."""
        open_ones = Return.objects.filter(status__in=[*Return.OPEN, "expired"])
        rma = self._some(data, open_ones)
        for _step in range(steps if rma else 0):
            rma.refresh_from_db()
            told = {"rma_id": rma.pk, "actor": None, "now": self.now}
            with suppress(*NO):
                match rma.status:
                    case "requested":
                        returns.approve(**told)
                    case "approved" | "in_transit" | "expired":
                        some = None if whole else {one.pk: 1 for one in rma.lines.all()}
                        returns.receive(**told, units=some)
                    case "received":
                        returns.inspect(**told, found=self._found(data, rma))
                    case "inspected":
                        returns.settle(**told)

    @rule(data=st.data())
    def settle_again(self, data):
        rma = self._some(data, Return.objects.exclude(status="inspected"))
        if rma:
            with suppress(*NO):
                returns.settle(rma_id=rma.pk, actor=None, now=self.now)

    @rule(data=st.data(), does=st.sampled_from(["accept", "refund", "decline", "ask", "cancel"]))
    def decide_a_claim(self, data, does):
        claim = self._some(data, Claim.objects.exclude(status="settled"))
        if claim is None:
            return
        told = {"claim_id": claim.pk, "actor": None, "now": self.now}
        with suppress(*NO):
            match does:
                case "accept":
                    claiming.accept(**told)
                case "refund":
                    claiming.accept(**told, outcome="refund", carrier_pays=Decimal(5))
                case "decline":
                    claiming.decline(**told, reason="Looks worn")
                case "ask":
                    claiming.investigate(**told)
                case "cancel":
                    claiming.cancel(**told)

    # The card provider, the post and the clock

    @rule(data=st.data(), outcome=st.sampled_from([Outcome.DONE, Outcome.DONE, Outcome.REFUSED]))
    def answer_a_refund(self, data, outcome):
        one = self._some(data, Refund.objects.filter(status="pending"))
        if one:
            answer = Refunded(outcome, f"re_{one.pk}", "")
            refunding.refund_answered(refund_id=one.pk, answer=answer, now=self.now)

    @rule(days=st.sampled_from([1, 12, 40]))
    def time_passes(self, days):
        self.now += dt.timedelta(days=days)
        checkout.expire(now=self.now)
        returns.expire(now=self.now)
        returns.follow_exchanges(now=self.now)

    # What must hold after each of them

    @invariant()
    def every_promise_holds(self):
        found = bookkeeping.reconcile(now=self.now)
        assert [one for one in found if one.is_broken] == []

    @invariant()
    def nobody_gets_more_than_he_paid(self):
        for order in Order.objects.annotate(paid=Sum("payments__charged")):
            assert order.refunded <= (order.paid or 0)

    @invariant()
    def what_is_not_on_the_shelf_is_with_a_buyer_or_gone(self):
        for variant, each in ((self.mug, 1), (self.bowl, 2)):
            lines = OrderLine.objects.filter(variant__in=[variant, self.set])
            out = sum(
                line.fulfilled * (each if line.variant_id == self.set.pk else 1) for line in lines
            )
            back = ReturnCheck.objects.filter(
                disposition="restocked", line__order_line__in=lines
            ).select_related("line__order_line")
            came = sum(
                one.quantity * (each if one.line.order_line.variant_id == self.set.pk else 1)
                for one in back
            )
            on_hand = StockItem.objects.filter(variant=variant).aggregate(all=Sum("on_hand"))
            assert on_hand["all"] == START - out + came

    # Hands

    def _place(self, with_card, what):
        self.placed += 1
        variant = {"card": self.card, "set": self.set, "bowl": self.bowl}[what]
        line = CartLineFactory(variant=self.mug, quantity=2)
        CartLineFactory(cart=line.cart, variant=variant, quantity=1)
        if with_card:
            card = gift_card("15", now=self.now)
            line.cart.codes.create(
                kind=CartCode.Kind.GIFT_CARD, value=card.digest, shown="…", added_at=self.now
            )
        return checkout.place_order(cart=line.cart, choice=checkout_of(), now=self.now).pk

    def _found(self, data, rma):
        return [
            Found(
                line.pk,
                data.draw(st.sampled_from(Disposition)),
                1,
                is_refused=data.draw(st.sampled_from([False, False, True])),
            )
            for line in rma.lines.all()
            for _unit in range(line.received)
        ]

    def _some(self, data, rows):
        found = list(rows.order_by("pk"))
        return data.draw(st.sampled_from(found)) if found else None


def test_all_numbers_agree_whatever_comes_back():
    run_state_machine_as_test(
        BackAgain,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
