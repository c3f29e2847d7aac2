"""From a typed number to an order's tax: proved in time, too late, or never."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import VatCheck
from accounts.services.vat_numbers import NotAVatNumber, Standing
from catalog.models import TaxRegistration
from catalog.services import tax_rates
from orders.models import Order
from orders.services import taxes
from shop.processes import vat
from tests.factories import MarketFactory, placed_order
from tests.factories.shipping import ZoneFactory

pytestmark = pytest.mark.django_db
GOOD, BAD, BRITISH = "DE325249188", "DE965067785", "GB228453711"
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def shop():
    """A shop at home in Ireland that sells to the Union."""
    tax_rates.load(countries=["IE", "DE"])
    for scheme in ("domestic", "oss"):
        TaxRegistration.objects.create(
            country="IE", scheme=scheme, number="IE6547363Q", valid=DateRange(None, None)
        )
    return MarketFactory(eu=True)


def relief(market, number, now):
    return taxes.rules(market=market, country="DE", on=now.date(), vat_number=number).relief


def order_with(number, *, at, **fields):
    order = placed_order(now=at)
    Order.objects.filter(pk=order.pk).update(vat_number=number, **fields)
    return order


def notes(order):
    return list(order.events.filter(axis="note").values_list("note", flat=True))


def test_a_business_that_proves_itself_at_checkout_pays_no_tax(register, shop, now):
    before = relief(shop, GOOD, now)

    standing = vat.prove(text="de 325.249 188", now=now)

    assert (before, standing) == ("", Standing.VALID)
    assert relief(shop, GOOD, now) == "reverse_charge"


def test_the_order_of_a_proved_business_has_no_tax_and_says_why(register, shop, now):
    ZoneFactory(countries=["GB", "DE"])
    vat.prove(text=GOOD, now=now)

    order = placed_order(country="DE", postcode="10115", vat_number=GOOD, now=now)

    assert (order.tax_relief, order.vat_number) == ("reverse_charge", GOOD)
    assert (order.tax, order.total) == (0, order.net)
    # 22.00 and 3.90 with German tax in them.
    assert order.total == Decimal("18.49") + Decimal("3.28")
    lines = order.tax_lines.values_list("country", "name", "rate", "amount")
    assert set(lines) == {("DE", "Reverse charge", 0, 0)}


def test_the_order_of_a_business_nobody_proved_has_its_tax(register, shop, now):
    ZoneFactory(countries=["GB", "DE"])
    register.mood = "busy"
    vat.prove(text=GOOD, now=now)

    order = placed_order(country="DE", postcode="10115", vat_number=GOOD, now=now)

    assert (order.tax_relief, order.vat_number) == ("", GOOD)
    assert (order.tax, order.total) == (Decimal("4.13"), Decimal("25.90"))


def test_the_shop_names_its_own_number_and_keeps_the_receipt(register, shop, now):
    vat.prove(text=GOOD, now=now)

    assert register.asked[0]["requesterMemberStateCode"] == "IE"
    assert VatCheck.objects.get().consultation == "WAPI000000000001"


@pytest.mark.parametrize("mood", ["busy", "garbage", "broken", "other", "hanging_up"])
def test_tax_is_charged_when_vies_has_trouble(register, shop, now, mood):
    register.mood = mood

    assert vat.prove(text=GOOD, now=now) == Standing.UNPROVED
    assert relief(shop, GOOD, now) == ""


def test_tax_is_charged_when_vies_is_slow(register, shop, now):
    register.mood = "slow"

    assert vat.prove(text=GOOD, now=now) == Standing.UNPROVED
    assert relief(shop, GOOD, now) == ""


def test_tax_is_charged_when_the_number_is_not_registered(register, shop, now):
    assert vat.prove(text=BAD, now=now) == Standing.INVALID
    assert relief(shop, BAD, now) == ""


def test_a_fresh_proof_is_not_asked_for_again(register, shop, now):
    vat.prove(text=GOOD, now=now)
    vat.prove(text=GOOD, now=now + 89 * DAY)
    vat.prove(text=GOOD, now=now + 91 * DAY)

    assert len(register.asked) == 2


def test_vies_is_not_hammered_about_one_number(register, shop, now):
    register.mood = "busy"

    for second in range(10):
        vat.prove(text=GOOD, now=now + dt.timedelta(seconds=second))

    assert len(register.asked) == 1


def test_british_numbers_are_checked_but_nobody_is_asked(register, shop, now):
    assert vat.prove(text=BRITISH, now=now) == Standing.UNPROVED
    assert register.asked == []


def test_what_can_not_be_a_number_is_refused_without_asking(register, now):
    with pytest.raises(NotAVatNumber):
        vat.prove(text="DE325249189", now=now)

    assert register.asked == []


def test_unanswered_numbers_are_asked_about_again(register, shop, now):
    register.mood = "busy"
    vat.prove(text=GOOD, now=now)
    still = vat.retry(now=now + MINUTE)
    register.mood = "well"

    answered = vat.retry(now=now + 4 * MINUTE)

    assert (still, answered) == (0, 1)
    assert relief(shop, GOOD, now) == "reverse_charge"
    assert vat.retry(now=now + DAY) == 0


def test_orders_that_the_proof_came_too_late_for_are_told_to_staff(register, now):
    register.mood = "busy"
    vat.prove(text=GOOD, now=now)
    charged = order_with(GOOD, at=now)
    others = [
        order_with(GOOD, at=now - 15 * DAY),
        order_with(BAD, at=now),
        order_with(GOOD, at=now, tax_relief=Order.Relief.EXPORT),
    ]
    register.mood = "well"

    vat.retry(now=now + MINUTE)
    vat.retry(now=now + DAY)

    assert [GOOD in note for note in notes(charged)] == [True]
    assert [notes(order) for order in others] == [[], [], []]


def test_a_number_that_turns_out_wrong_is_no_news_for_an_order(register, now):
    register.mood = "busy"
    vat.prove(text=BAD, now=now)
    order = order_with(BAD, at=now)
    register.mood = "well"

    assert vat.retry(now=now + MINUTE) == 1
    assert notes(order) == []
