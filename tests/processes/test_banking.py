"""Statements come in, and their lines find what they are about, once and to the cent."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from orders.models import Order
from payments.models import BankLine, BankStatement, Payment, Payout, Refund
from payments.services import matching, statements
from shop.lib.workdays import shop_day
from shop.outbox.models import Message
from shop.processes import banking, bookkeeping, checkout, fulfilment, refunding
from shop.processes.banking import KnownStatement, NotMatched, Upload
from tests.factories import in_stock, paid_order, placed_order, stock_of

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = shop_day(NOW)


def bring(*rows, now=NOW):
    """Import a statement of (amount, purpose) or (amount, purpose, currency)."""
    lines = [
        ",".join([TODAY.isoformat(), str(row[0]), row[2] if len(row) > 2 else "GBP", "A", row[1]])
        for row in rows
    ]
    data = "\n".join(["Date,Amount,Currency,Name,Reference", *lines]).encode()
    return banking.import_statement(
        statement=statements.read(data), upload=Upload("s.csv", data), actor=None, now=now
    )


def brought(amount, purpose, currency="GBP"):
    bring((amount, purpose, currency))
    return BankLine.objects.order_by("-pk").first()


def transfer(**fields):
    return placed_order(payment_method="bank_transfer", now=NOW, **fields)


def matched(line, *choices):
    line = banking.match(line_id=line.pk, choices=choices, actor=None, now=NOW)
    line.refresh_from_db()
    return line


def by_hand(line, *orders, actor):
    choices = [f"order-{order.pk}" for order in orders]
    return banking.match(line_id=line.pk, choices=choices, actor=actor, now=NOW)


@pytest.fixture
def clerk(django_user_model):
    return django_user_model.objects.create_user(email="clerk@example.com", password="x" * 20)


def broken():
    return [one.name for one in bookkeeping.reconcile(now=NOW) if one.is_broken]


class TestComingIn:
    def test_a_file_is_imported_once(self):
        bring((24, "x"))

        with pytest.raises(KnownStatement):
            bring((24, "x"))

        assert BankLine.objects.count() == 1

    def test_a_line_of_two_files_is_kept_once(self):
        bring((24, "x"))

        found = bring((24, "x"), (7, "y"))

        assert (found.added, found.known) == (1, 1)
        assert BankStatement.objects.count() == 2


class TestMoneyIn:
    @pytest.mark.parametrize("purpose", ["{}", "Order {} thanks", "ORDER-{}/MUG", "Ref:{};"])
    def test_a_reference_and_the_exact_sum_pay_an_order(self, purpose):
        order = transfer()
        line = brought(order.total, purpose.format(order.number))

        assert banking.match_open(now=NOW) == 1

        order.refresh_from_db()
        line.refresh_from_db()
        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert (line.status, line.payment.order_id) == ("matched", order.pk)
        assert not broken()

    def test_matching_twice_charges_once(self):
        order = transfer()
        brought(order.total, order.number)

        assert [banking.match_open(now=NOW), banking.match_open(now=NOW)] == [1, 0]

        assert sum(Payment.objects.values_list("charged", flat=True)) == order.total

    @pytest.mark.parametrize("change", [Decimal("-0.01"), Decimal("0.01")])
    def test_a_penny_off_waits_for_a_person(self, change):
        order = transfer()
        line = brought(order.total + change, order.number)

        assert banking.match_open(now=NOW) == 0

        (found,) = matching.suggestions(line)
        assert "0.01" in found.words

    def test_another_currency_is_no_match(self):
        order = transfer()
        line = brought(order.total, order.number, "EUR")

        assert banking.match_open(now=NOW) == 0
        assert matching.suggestions(line) == []

    def test_two_orders_in_one_transfer_wait_for_a_person_who_pays_both(self, clerk):
        first, second = transfer(), transfer(email="bob@example.com")
        line = brought(first.total + second.total, f"{first.number} and {second.number}")
        assert banking.match_open(now=NOW) == 0

        by_hand(line, first, second, actor=clerk)

        assert {one.payment_status for one in Order.objects.all()} == {"paid"}
        assert not broken()

    def test_who_gave_no_number_is_suggested_by_the_sum(self):
        order = transfer()
        line = brought(order.total, "for the lovely mug")

        assert banking.match_open(now=NOW) == 0
        assert [one.pk for one in matching.suggestions(line)] == [order.pk]

    def test_an_order_that_is_paid_is_not_paid_again(self):
        order = paid_order(payment_method="bank_transfer")
        line = brought(order.total, order.number)

        assert banking.match_open(now=NOW) == 0
        assert "nothing is left" in matching.suggestions(line)[0].words

    def test_part_of_the_money_leaves_the_rest_to_be_paid(self, clerk):
        order = transfer()
        line = brought(10, order.number)

        by_hand(line, order, actor=clerk)

        order.refresh_from_db()
        assert (order.status, order.payment_status) == ("pending", "partially_paid")
        assert Message.objects.filter(topic="mail.payment_part_received").count() == 1

        brought(order.total - 10, f"rest of {order.number}")
        assert banking.match_open(now=NOW) == 1
        order.refresh_from_db()
        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert not broken()

    def test_a_part_paid_order_does_not_expire(self, clerk):
        order = transfer()
        by_hand(brought(10, order.number), order, actor=clerk)

        assert checkout.expire(now=NOW + dt.timedelta(days=30)) == 0

    def test_too_much_pays_the_order_and_the_excess_can_go_back(self, clerk):
        order = transfer()
        by_hand(brought(order.total + 5, order.number), order, actor=clerk)
        order.refresh_from_db()
        assert order.payment_status == "paid"
        assert matching.excess(order) == 5

        assert banking.refund_excess(order_id=order.pk, actor=clerk, now=NOW) == 5

        refund = Refund.objects.get()
        assert (refund.amount, refund.status) == (5, "pending")
        refunding.sent(refund_id=refund.pk, reference="today", actor=clerk, now=NOW)
        order.refresh_from_db()
        assert order.payment_status == "paid"
        assert matching.excess(order) == 0
        with pytest.raises(NotMatched):
            banking.refund_excess(order_id=order.pk, actor=clerk, now=NOW)

    def test_what_nobody_asked_for_waits_for_a_choice_that_fits(self, clerk):
        line = brought(10, "?")

        for choices in ([], ["refund-1", "order-1"], ["shoe-1"]):
            with pytest.raises(NotMatched):
                banking.match(line_id=line.pk, choices=choices, actor=clerk, now=NOW)


class TestLateMoney:
    def test_it_brings_an_expired_order_back_while_its_goods_are_there(self):
        variant = in_stock(1)
        order = transfer(variant=variant)
        checkout.expire(now=NOW + dt.timedelta(days=8))
        brought(order.total, order.number)

        banking.match_open(now=NOW + dt.timedelta(days=9))

        order.refresh_from_db()
        assert (order.status, order.payment_status) == ("confirmed", "paid")
        assert stock_of(variant) == (1, 1)
        assert Message.objects.filter(topic="mail.late_payment_accepted").count() == 1

    def test_it_goes_back_when_somebody_else_has_them(self):
        variant = in_stock(1)
        order = transfer(variant=variant)
        checkout.expire(now=NOW + dt.timedelta(days=8))
        transfer(variant=variant)
        brought(order.total, order.number)

        banking.match_open(now=NOW + dt.timedelta(days=9))

        order.refresh_from_db()
        assert order.status == "expired"
        assert Refund.objects.get().amount == order.total
        assert Message.objects.filter(topic="mail.late_payment_returned").count() == 1
        assert order.events.filter(axis="note").exists()


class TestMoneyOut:
    def refunded(self):
        order = paid_order(payment_method="bank_transfer")
        fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=timezone.now())
        return Refund.objects.get()

    def test_a_transfer_is_refunded_by_a_person(self):
        assert self.refunded().status == "pending"
        assert not Message.objects.filter(topic="payments.refund").exists()

    def test_the_line_that_names_a_refund_settles_it(self):
        refund = self.refunded()
        line = brought(-refund.amount, matching.reference_of(refund))

        assert banking.match_open(now=timezone.now()) == 1

        refund.refresh_from_db()
        line.refresh_from_db()
        assert (refund.status, line.refund_id) == ("succeeded", refund.pk)
        assert not broken()

    @pytest.mark.parametrize("words", ["Refund {}", "REFUND: {}", "refund order {}"])
    def test_the_number_of_the_order_is_enough(self, words):
        refund = self.refunded()
        brought(-refund.amount, words.format(refund.payment.order.number))

        assert banking.match_open(now=NOW) == 1

    def test_another_sum_settles_nothing(self):
        refund = self.refunded()
        line = brought(-refund.amount - 1, matching.reference_of(refund))

        assert banking.match_open(now=NOW) == 0
        with pytest.raises(NotMatched):
            matched(line, f"refund-{refund.pk}")
        refund.refresh_from_db()
        assert refund.status == "pending"


class TestPayouts:
    def payout(self, ref="po_1"):
        return Payout.objects.create(
            provider="card",
            provider_ref=ref,
            amount=Decimal(300),
            currency="GBP",
            status="paid",
            created_at=NOW,
            arrives_on=TODAY,
        )

    def test_a_payout_is_found_by_its_name_or_its_provider(self):
        payout = self.payout()
        line = brought(300, "STRIPE PAYOUT")

        assert banking.match_open(now=NOW) == 1

        line.refresh_from_db()
        assert line.payout_id == payout.pk

    def test_two_of_the_same_sum_wait_unless_one_is_named(self):
        self.payout()
        second = self.payout("po_2")

        assert matching.sure(brought(300, "Stripe")) is None
        assert matching.sure(brought(300, "Stripe PO_2")).pk == second.pk


class TestSettingAside:
    def test_a_note_closes_a_line_and_it_can_be_opened_again(self, clerk):
        line = brought(-12, "Bank fee")

        line = banking.set_aside(line_id=line.pk, note="A fee", actor=clerk, now=NOW)
        assert (line.status, line.matched_by) == ("set_aside", clerk)

        line = banking.undo(line_id=line.pk)
        assert (line.status, line.matched_at, line.note) == ("open", None, "")

    def test_without_a_word_why_it_stays_open(self, clerk):
        line = brought(-12, "Bank fee")

        with pytest.raises(NotMatched):
            banking.set_aside(line_id=line.pk, note=" ", actor=clerk, now=NOW)

    def test_a_match_is_not_undone(self):
        order = transfer()
        line = brought(order.total, order.number)
        banking.match_open(now=NOW)

        with pytest.raises(NotMatched):
            banking.undo(line_id=line.pk)
