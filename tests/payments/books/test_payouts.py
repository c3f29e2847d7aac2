"""What a provider keeps and sends on, in the books."""

import datetime as dt
from decimal import Decimal

import pytest

from catalog.models import ExchangeRate
from payments.models import MonthClose, Payment, Payout, PayoutLine
from payments.services.books import payouts
from payments.services.books.roles import Role
from payments.services.payments import Fact, Kind, Stage, record
from tests.factories import MarketFactory
from tests.factories.value import bare_order
from tests.payments.books.reading import balance, booked, check_now

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def charged(currency="GBP", rate="1"):
    payment = Payment.objects.create(
        order=bare_order(currency=currency, exchange_rate=Decimal(rate)),
        provider="card",
        amount=Decimal(30),
        currency=currency,
        created_at=NOW,
    )
    fact = Fact(Kind.CHARGE, Stage.SUCCESS, Decimal(30), f"pi_{payment.pk}")
    record(payment=payment, fact=fact, now=NOW)
    return payment


def line(gross="30.00", fee="0.75", *, currency="GBP", kind="charge", **fields):
    made = PayoutLine.objects.create(
        provider="card",
        provider_ref=f"txn_{PayoutLine.objects.count()}",
        kind=kind,
        gross=Decimal(gross),
        fee=Decimal(fee),
        net=Decimal(gross) - Decimal(fee),
        currency=currency,
        happened_at=fields.pop("happened_at", NOW),
        **fields,
    )
    payouts.post_line(line=made, now=NOW)
    return made


def payout(amount="29.25", currency="GBP", **fields):
    return Payout.objects.create(
        provider="card",
        provider_ref="po_1",
        amount=Decimal(amount),
        currency=currency,
        status="paid",
        created_at=NOW,
        arrives_on=fields.pop("arrives_on", NOW.date()),
        **fields,
    )


def on_books():
    check_now()
    return {role: amount for role in Role if (amount := balance(role))}


def test_what_arrives_is_what_was_charged_less_fees():
    line(payment=charged())

    payouts.post_payout(payout=payout(), now=NOW)

    assert on_books() == {
        "bank": Decimal("29.25"),
        "payment_fees": Decimal("0.75"),
        "customers": -30,
    }


def test_a_line_is_booked_once_though_it_is_matched_later():
    made = line()
    made.payment = charged()

    payouts.post_line(line=made, now=NOW)

    assert balance(Role.PAYMENT_FEES) == Decimal("0.75")


def test_a_fee_of_its_own_is_a_fee():
    line("-2.00", "0.00", kind="fee")

    assert on_books() == {"payment_fees": 2, "provider": -2}


def test_a_disputes_fee_comes_back_when_it_is_won():
    line("-30.00", "15.00", kind="dispute")
    line("30.00", "-15.00", kind="dispute")

    assert on_books() == {}


def test_a_payout_that_came_back_is_with_the_provider_again():
    charged()
    made = payout("30.00")
    payouts.post_payout(payout=made, now=NOW)

    payouts.post_payout_failed(payout=made, now=NOW)

    assert on_books() == {"provider": 30, "customers": -30}


def test_a_payout_in_another_currency_leaves_no_rest_with_the_provider():
    MarketFactory()
    charged("EUR", "0.86")
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate=Decimal("0.90"), at=NOW)
    made = payout("30.00", "EUR")

    payouts.post_payout(payout=made, now=NOW)

    check_now()
    assert booked(f"payout-{made.pk}") == {"bank": 30, "provider": -30, "exchange": 0}
    assert balance(Role.PROVIDER, base=True) == 0
    assert balance(Role.EXCHANGE, base=True) == Decimal("-1.20")


def test_what_a_provider_exchanged_is_paid_out_in_its_own_currency():
    MarketFactory()
    payment = charged("EUR", "0.86")
    payment.refresh_from_db()

    line("25.50", "0.50", payment=payment)
    payouts.post_payout(payout=payout("25.00"), now=NOW)

    check_now()
    assert balance(Role.PROVIDER, currency="EUR") == 0
    assert balance(Role.PROVIDER, currency="GBP") == 0
    # 30 euros were booked at 25.80; 25.50 came.
    assert balance(Role.EXCHANGE, base=True) == Decimal("0.30")


def test_a_line_heard_of_after_its_month_was_closed_is_booked_today():
    MonthClose.objects.create(month=dt.date(2026, 10, 1), closed_at=NOW)

    line(happened_at=NOW - dt.timedelta(days=40))

    assert balance(Role.PAYMENT_FEES, on=NOW.date()) == Decimal("0.75")
