"""Gift cards and store credit in the books: every change of a balance, against its cause."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import ValueAccount
from payments.services import balances, gift_cards, stored_value
from payments.services.balances import Cause, Entry
from payments.services.books.roles import Role
from payments.services.gift_cards import Present
from tests.factories import paid_order
from tests.factories.value import bare_order, gift_card, store_credit
from tests.payments.books.reading import balance, check_now

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def on_books():
    check_now()
    return {role: amount for role in Role if (amount := balance(role))}


def enter(account, kind, amount, source):
    account = balances.lock([account.pk])[account.pk]
    balances.enter(account, kind, Decimal(amount), Cause(source, NOW, "Because"))


def test_a_card_that_was_given_is_goodwill():
    gift_card("50.00")

    assert on_books() == {"goodwill": 50, "gift_cards": -50}


def test_credit_that_was_given_and_corrected_is_goodwill():
    account = store_credit("20.00")

    balances.adjust(account=account, amount=Decimal(-5), reason="Too much", actor=None, now=NOW)

    assert on_books() == {"goodwill": 15, "store_credit": -15}


def test_a_card_that_runs_out_is_income():
    gift_card("50.00", expires_on=NOW.date().replace(year=NOW.year - 1))

    balances.expire(now=NOW)

    assert on_books() == {"goodwill": 50, "value_expired": -50}


def test_what_is_held_for_an_order_is_still_owed():
    card, order = gift_card("50.00"), bare_order("30.00")

    stored_value.hold(order=order, digests=[card.digest], customer=None, now=NOW)

    assert on_books() == {"goodwill": 50, "gift_cards": -20, "value_held": -30}
    assert balance(Role.VALUE_HELD, order=order) == -30


def test_what_an_order_spends_pays_its_buyers_debt():
    card, order = gift_card("50.00"), bare_order("30.00")
    stored_value.hold(order=order, digests=[card.digest], customer=None, now=NOW)

    stored_value.settle(order=order, now=NOW)

    assert on_books() == {"goodwill": 50, "gift_cards": -20, "customers": -30}


def test_what_an_order_lets_go_is_back_on_the_card():
    card, order = gift_card("50.00"), bare_order("30.00")
    stored_value.hold(order=order, digests=[card.digest], customer=None, now=NOW)

    stored_value.release(order=order, now=NOW)

    assert on_books() == {"goodwill": 50, "gift_cards": -50}


def test_a_card_that_was_bought_is_no_longer_to_be_issued():
    order = paid_order()
    line = order.lines.get()

    gift_cards.issue(
        amount=Decimal(25),
        currency="GBP",
        present=Present(""),
        cause=Cause(f"line-{line.pk}-1", NOW),
        bought=(line, 1),
    )

    assert balance(Role.CARDS_TO_ISSUE, order=order) == 25
    assert balance(Role.GIFT_CARDS, order=order) == -25


def test_a_bought_card_that_is_taken_back_is_to_be_issued_again():
    card = gift_card("50.00")

    enter(card, Entry.ADJUST, "-50.00", "grant-7")

    assert on_books() == {"goodwill": 50, "cards_to_issue": -50}


def test_money_back_as_credit_is_no_longer_owed_to_the_buyer():
    account = store_credit("20.00")

    enter(account, Entry.CREDIT, "12.00", "refund-7")

    assert on_books() == {"goodwill": 20, "customers": 12, "store_credit": -32}


def test_a_source_that_names_nothing_is_booked_all_the_same():
    account = store_credit("20.00")

    for source in ("line-x", "refund-99999999999999999999", "order-", ""):
        enter(account, Entry.CREDIT, "1.00", source)

    assert balance(Role.STORE_CREDIT) == -24
    assert ValueAccount.objects.get().balance == 24
