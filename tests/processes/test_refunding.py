"""Giving money back: decided to the cent, split over payments, followed until it arrived."""

from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.gateways.base import Outcome, Refunded, Standing, State
from payments.models import GrantedLine, GrantedRefund, Payment, Refund, ValueAccount
from payments.services import grants, payments
from payments.services.granted_cards import CardsUsed
from payments.services.grants import Asked, NothingToGive, TooMuchAsked
from payments.services.refunds import TooMuch
from shop.outbox.models import Message
from shop.processes import bookkeeping, checkout, fulfilment, refunding
from shop.processes.refunding import NotASale, NotOpen
from tests.factories import in_stock, paid_order, placed_order, shipped_order
from tests.factories.value import gift_card, gift_card_variant, store_credit
from tests.processes.test_stored_value import basket, place

pytestmark = pytest.mark.django_db
NOW = timezone.now()
To = GrantedRefund.To


def charged(order, *, reference="pi_1"):
    """The rest of an order paid with a card."""
    payment = payments.open_attempt(order=order, provider="card", now=NOW)
    standing = Standing(State.CHARGED, payment.amount, payment.currency, reference)
    order = checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)
    order.refresh_from_db()
    return order


def sold(*, quantity=1, price="30.00"):
    return charged(placed_order(variant=in_stock(9, price=Decimal(price)), quantity=quantity))


def give(order, asked, *, to=To.ORIGIN, key="form-1"):
    return refunding.refund(
        order_id=order.pk,
        asked=asked,
        to=to,
        reason="Arrived chipped",
        key=key,
        actor=None,
        now=NOW,
    )


def units(order, count):
    return Asked({order.lines.order_by("pk").first().pk: count})


def answer(refund, outcome, reference="re_1", message=""):
    refunding.refund_answered(
        refund_id=refund.pk, answer=Refunded(outcome, reference, message), now=NOW
    )
    refund.refresh_from_db()


def assert_promises_kept():
    found = bookkeeping.reconcile(now=NOW)
    assert [one for one in found if one.is_broken and one.name.startswith("payments.")] == []


class TestDeciding:
    def test_three_units_in_three_steps_are_the_line_with_its_tax(self):
        order = sold(quantity=3, price="9.99")
        line = order.lines.get()

        made = [give(order, units(order, 1), key=f"form-{step}") for step in range(3)]

        rows = GrantedLine.objects.filter(line=line)
        assert sum(one.total for one in made) == line.gross
        assert sum(row.tax for row in rows) == line.tax
        assert sum(row.quantity for row in rows) == 3
        with pytest.raises(TooMuchAsked):
            give(order, units(order, 1), key="form-4")

    def test_the_page_shows_what_is_then_written(self):
        order = sold(quantity=3)
        asked = Asked(
            units(order, 1).units, delivery=order.shipping_gross, goodwill=Decimal("1.01")
        )

        shown = grants.preview(order=order, asked=asked)
        made = give(order, asked)

        assert (made.net, made.tax, made.total) == (
            shown.amount.net,
            shown.amount.tax,
            shown.amount.gross,
        )
        assert [(row.tax_line_id, row.gross) for row in made.lines.order_by("pk")] == [
            (one.tax_line.pk, one.amount.gross) for one in shown.shares
        ]

    def test_a_second_click_finds_the_first_refund(self):
        order = sold(quantity=2)

        first, second = give(order, units(order, 1)), give(order, units(order, 1))

        assert first == second
        assert (
            Refund.objects.count() == Message.objects.filter(topic="payments.refund").count() == 1
        )

    def test_the_whole_is_everything_that_is_left(self):
        order = sold(quantity=2)
        give(order, units(order, 1))

        give(order, Asked(whole=True), key="form-2")

        assert sum(one.total for one in GrantedRefund.objects.all()) == order.total
        with pytest.raises(NothingToGive):
            give(order, Asked(whole=True), key="form-3")

    def test_goodwill_alone_is_called_so(self):
        made = give(sold(), Asked(goodwill=Decimal("5.00")))

        assert made.kind == GrantedRefund.Kind.GOODWILL
        assert {row.quantity for row in made.lines.all()} == {0}

    def test_an_order_that_is_no_sale_yet_is_cancelled_instead(self):
        with pytest.raises(NotASale):
            give(placed_order(), Asked(whole=True))

    def test_nothing_asked_is_refused(self):
        with pytest.raises(NothingToGive):
            give(sold(), Asked())

    def test_what_was_never_paid_moves_no_money(self):
        order = placed_order(payment_method="bank_transfer")
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)

        made = give(order, Asked(goodwill=Decimal("5.00")))

        assert made.unpaid == made.total == 5
        assert made.settled_at == NOW
        assert not Refund.objects.exists()

    def test_what_is_paid_already_goes_back_once_the_debt_is_gone(self):
        order = placed_order(payment_method="bank_transfer")
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)
        give(order, Asked(goodwill=Decimal("5.00")))
        payment = payments.open_attempt(order=order, provider="bank_transfer", now=NOW)
        standing = Standing(State.CHARGED, payment.amount, payment.currency, "bank-1")
        checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=NOW)

        rest = give(order, Asked(whole=True), key="form-2")

        order.refresh_from_db()
        assert payment.amount == order.total - 5
        assert (rest.total, rest.unpaid) == (order.total - 5, 0)
        assert_promises_kept()


class TestWhere:
    def test_the_card_pays_before_the_gift_card_gets_its_own_back(self):
        card = gift_card("15")
        order = charged(place(basket(card)))
        on_card = Payment.objects.get(order=order, provider="card").charged

        give(order, Asked(goodwill=on_card + 4))

        refunds = {one.payment.provider: one for one in Refund.objects.all()}
        card.refresh_from_db()
        assert refunds["card"].amount == on_card
        assert (refunds["gift_card"].amount, card.balance) == (4, 4)

    def test_everything_becomes_store_credit(self):
        card = gift_card("15")
        order = charged(place(basket(card)))

        made = give(order, Asked(whole=True), to=To.STORE_CREDIT)

        card.refresh_from_db()
        account = ValueAccount.objects.get(kind=ValueAccount.Kind.STORE_CREDIT)
        assert (account.balance, card.balance) == (order.total, 0)
        assert made.settled_at == NOW
        assert not Message.objects.filter(topic="payments.refund").exists()

    def test_a_new_gift_card_is_mailed_to_the_buyer(self):
        order = charged(place(basket(gift_card("15"))))

        give(order, Asked(whole=True), to=To.GIFT_CARD)

        fresh = ValueAccount.objects.get(recipient_email=order.email)
        assert fresh.balance == order.total
        assert Message.objects.filter(topic="mail.gift_card").count() == 1
        refs = set(Refund.objects.values_list("provider_ref", flat=True))
        assert all(ref.startswith(f"credit-{fresh.pk}-") for ref in refs)

    def test_disputed_money_is_not_there(self):
        order = sold()
        Payment.objects.filter(order=order).update(disputed=order.total)

        with pytest.raises(TooMuch):
            give(order, Asked(whole=True))

        assert not GrantedRefund.objects.exists()

    def test_store_credit_that_paid_grows_again(self):
        account = store_credit("100")
        order = place(basket(owner=account.customer))

        give(order, Asked(whole=True))

        account.refresh_from_db()
        order.refresh_from_db()
        assert account.balance == 100
        assert order.payment_status == Order.Payment.REFUNDED


class TestGiftCardLines:
    def test_an_unused_card_is_emptied_and_switched_off(self):
        order = charged(placed_order(variant=gift_card_variant("25.00"), quantity=2))

        give(order, units(order, 1))

        cards = ValueAccount.objects.filter(line__order=order).order_by("unit")
        assert [(card.balance, card.is_active) for card in cards] == [(0, False), (25, True)]

    def test_a_used_card_is_not_given_back(self):
        order = charged(placed_order(variant=gift_card_variant("25.00")))
        ValueAccount.objects.filter(line__order=order).update(balance=20)

        with pytest.raises(CardsUsed):
            give(order, units(order, 1))

        assert not GrantedRefund.objects.exists()

    def test_a_used_card_stays_so_when_its_product_is_gone(self):
        order = charged(placed_order(variant=gift_card_variant("25.00")))
        ValueAccount.objects.filter(line__order=order).update(balance=20)
        order.lines.update(variant=None)

        with pytest.raises(CardsUsed):
            give(order, units(order, 1))

    def test_cards_that_are_not_issued_yet_go_with_the_order_only(self):
        order = placed_order(variant=gift_card_variant("25.00"), payment_method="bank_transfer")
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)

        with pytest.raises(CardsUsed):
            give(order, units(order, 1))
        made = give(order, Asked(whole=True))

        assert made.unpaid == made.total


class TestFollowing:
    def test_a_grant_is_settled_when_the_last_of_it_arrived(self):
        made = give(sold(), Asked(whole=True))
        refund = made.refunds.get()
        assert made.settled_at is None

        answer(refund, Outcome.PENDING)
        assert (refund.status, refund.provider_ref) == ("pending", "re_1")
        answer(refund, Outcome.DONE)

        made.refresh_from_db()
        made.order.refresh_from_db()
        assert made.settled_at == NOW
        assert made.order.payment_status == Order.Payment.REFUNDED

    def test_a_failed_refund_is_open_again_and_can_be_sent_again(self):
        made = give(sold(), Asked(whole=True))
        failed = made.refunds.get()

        answer(failed, Outcome.REFUSED, message="card closed")
        (again,) = refunding.send_again(refund_id=failed.pk, how="origin", actor=None, now=NOW)

        assert (failed.status, failed.message) == ("failed", "card closed")
        assert again.amount == made.total
        assert again.idempotency_key != failed.idempotency_key
        with pytest.raises(NotOpen):
            refunding.send_again(refund_id=failed.pk, how="origin", actor=None, now=NOW)

    def test_a_failed_refund_may_become_credit(self):
        made = give(sold(), Asked(whole=True))
        answer(made.refunds.get(), Outcome.REFUSED)

        refunding.send_again(
            refund_id=made.refunds.get().pk, how="store_credit", actor=None, now=NOW
        )

        made.refresh_from_db()
        assert made.settled_at == NOW
        assert ValueAccount.objects.get().balance == made.total

    def test_a_failed_refund_may_be_sent_by_hand(self):
        made = give(sold(), Asked(whole=True))
        answer(made.refunds.get(), Outcome.REFUSED)
        posted = Message.objects.filter(topic="payments.refund").count()

        (by_hand,) = refunding.send_again(
            refund_id=made.refunds.get().pk, how="by_hand", actor=None, now=NOW
        )
        assert Message.objects.filter(topic="payments.refund").count() == posted
        refunding.sent(refund_id=by_hand.pk, reference="HSBC 7", actor=None, now=NOW)

        made.refresh_from_db()
        by_hand.refresh_from_db()
        assert made.settled_at == NOW
        assert by_hand.provider_ref == f"hand-{by_hand.pk}-HSBC 7"

    def test_a_done_refund_that_fails_later_is_to_be_decided_again(self):
        made = give(sold(), Asked(whole=True))
        refund = made.refunds.get()
        answer(refund, Outcome.DONE)

        answer(refund, Outcome.REFUSED, message="account closed")
        answer(refund, Outcome.DONE)

        made.refresh_from_db()
        made.order.refresh_from_db()
        payment = Payment.objects.get()
        assert (refund.status, made.settled_at) == ("failed", None)
        assert (payment.refunded, payment.refund_pending, made.order.refunded) == (0, 0, 0)
        assert grants.open_amount(made) == made.total
        assert made.order.payment_status == Order.Payment.PAID
        assert_promises_kept()

    def test_a_transfer_waits_for_a_person_to_send_it(self):
        order = paid_order(payment_method="bank_transfer")

        refund = give(order, Asked(whole=True)).refunds.get()
        assert not Message.objects.filter(topic="payments.refund").exists()
        refunding.sent(refund_id=refund.pk, reference="", actor=None, now=NOW)

        refund.refresh_from_db()
        assert refund.status == "succeeded"
        with pytest.raises(NotOpen):
            refunding.sent(refund_id=refund.pk, reference="", actor=None, now=NOW)

    def test_what_a_provider_sends_nobody_can_tick_off(self):
        refund = give(sold(), Asked(whole=True)).refunds.get()

        with pytest.raises(NotOpen):
            refunding.sent(refund_id=refund.pk, reference="", actor=None, now=NOW)


class TestCancelling:
    def test_a_confirmed_order_is_granted_whole(self):
        order = sold(quantity=2)

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        made = GrantedRefund.objects.get()
        assert (made.kind, made.total, made.unpaid) == ("cancellation", order.total, 0)
        assert Refund.objects.get().grant == made
        assert not Message.objects.filter(topic="mail.order_refunded").exists()

    def test_a_pending_one_is_granted_nothing(self):
        order = placed_order()

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        assert not GrantedRefund.objects.exists()

    def test_what_was_never_paid_of_it_is_told_apart(self):
        order = placed_order(payment_method="bank_transfer")
        fulfilment.verify(order_id=order.pk, actor=None, now=NOW)

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        made = GrantedRefund.objects.get()
        assert made.unpaid == made.total == order.total
        assert made.settled_at == NOW

    def test_what_the_bank_took_stays_out_of_it(self):
        order = sold()
        Payment.objects.filter(order=order).update(disputed=order.total)

        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

        assert not GrantedRefund.objects.exists()
        assert not Refund.objects.exists()


def test_the_buyer_is_told_once():
    made = give(shipped_order(), Asked(goodwill=Decimal("2.00")))
    give(made.order, Asked(goodwill=Decimal("2.00")))

    assert Message.objects.filter(topic="mail.order_refunded").count() == 1
