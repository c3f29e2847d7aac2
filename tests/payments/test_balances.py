"""Balances: what is added, corrected, given back and written off, and never changed after."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from payments.models import Payment, Refund, ValueEntry
from payments.services import balances, refunds, stored_value
from payments.services.balances import Cause, NoReason, NotEnough
from payments.services.refunds import TooMuch
from shop.lib.workdays import shop_day
from tests.factories.people import UserFactory
from tests.factories.value import bare_order, gift_card, store_credit

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = shop_day(NOW)


def days(count):
    return TODAY + dt.timedelta(days=count)


def balance_of(account):
    account.refresh_from_db()
    return account.balance


def kinds(account):
    return list(account.entries.order_by("pk").values_list("kind", flat=True))


class TestRefunding:
    def paid(self, card, total="30"):
        order = bare_order(total)
        stored_value.hold(order=order, digests=[card.digest], customer=None, now=NOW)
        stored_value.settle(order=order, now=NOW)
        return Payment.objects.get(order=order)

    def give_back(self, payment, amount):
        return refunds.request(
            payment=payment, amount=Decimal(amount), reason="Broken", actor=None, now=NOW
        )

    def test_goes_back_on_the_card_at_once(self):
        card = gift_card("50")
        payment = self.paid(card)

        refund = self.give_back(payment, "12.50")

        payment.refresh_from_db()
        assert refund.status == Refund.Status.SUCCEEDED
        assert (payment.refunded, payment.refund_pending) == (Decimal("12.50"), 0)
        assert balance_of(card) == Decimal("32.50")

    def test_no_more_goes_back_than_was_paid(self):
        card = gift_card("50")
        payment = self.paid(card)
        self.give_back(payment, "20")

        with pytest.raises(TooMuch):
            self.give_back(payment, "10.01")

        assert balance_of(card) == 40

    def test_a_card_that_has_run_out_can_be_used_again(self):
        card = gift_card("30", expires_on=TODAY)
        payment = self.paid(card)
        card.expires_on = days(-10)
        card.save(update_fields=["expires_on"])

        self.give_back(payment, "30")
        balances.expire(now=NOW)

        assert balance_of(card) == 30


class TestBalances:
    def test_a_correction_says_why(self):
        actor, card = UserFactory(), gift_card("50")

        with pytest.raises(NoReason):
            balances.adjust(account=card, amount=Decimal(5), reason=" ", actor=actor, now=NOW)
        balances.adjust(account=card, amount=Decimal(-5), reason="Typo", actor=actor, now=NOW)
        balances.adjust(account=card, amount=Decimal(1), reason="Typo", actor=actor, now=NOW)

        entry = card.entries.order_by("pk").last()
        assert balance_of(card) == 46
        assert (entry.reason, entry.actor, entry.balance_after) == ("Typo", actor, 46)

    def test_no_balance_falls_below_nothing(self):
        card = gift_card("50")

        with pytest.raises(NotEnough):
            balances.adjust(account=card, amount=Decimal(-51), reason="x", actor=None, now=NOW)

        assert balance_of(card) == 50

    def test_a_source_is_credited_once(self):
        card = gift_card("50")
        cause = Cause("refund-31", NOW)

        assert balances.credit(account=card, amount=Decimal(5), cause=cause)
        assert not balances.credit(account=card, amount=Decimal(5), cause=cause)

        assert balance_of(card) == 55

    def test_what_has_run_out_is_written_off_once(self):
        gone, last_day = gift_card("50", expires_on=days(-1)), gift_card("50", expires_on=TODAY)

        assert balances.expire(now=NOW) == 1
        assert balances.expire(now=NOW) == 0

        assert balance_of(gone) == 0
        assert balance_of(last_day) == 50
        assert kinds(gone) == ["credit", "expire"]

    def test_one_customer_has_one_credit_without_an_end(self):
        first, second = store_credit("20"), store_credit("5")
        until = store_credit("7", expires_on=days(20))

        assert first == second != until
        assert balance_of(first) == 25

    def test_tells_what_is_owed_by_currency(self):
        gift_card("50")
        gift_card("8", currency="EUR")
        store_credit("20")

        assert balances.owed() == {"EUR": Decimal(8), "GBP": Decimal(70)}

    def test_entries_are_never_changed(self):
        entry = gift_card("50").entries.get()

        for change in (
            lambda: ValueEntry.objects.filter(pk=entry.pk).update(amount=1),
            lambda: ValueEntry.objects.filter(pk=entry.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
