"""Buying for a business: company and VAT number in the checkout."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import VatCheck
from catalog.models import TaxRegistration
from orders.models import Order
from tests.factories import CartLineFactory, MarketFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.shipping import MethodFactory, ZoneFactory

pytestmark = pytest.mark.django_db
URL = "/checkout/"
GERMAN = "DE325249188"
TYPED = {
    "email": "grace@example.com",
    "name": "Grace Hopper",
    "line1": "Kilnstraße 4",
    "city": "Berlin",
    "postcode": "10115",
    "country": "DE",
    "company": "Kiln Works GmbH",
    "shipping_method": "union",
    "payment_method": "bank_transfer",
}


@pytest.fixture
def line(client):
    """A seller in Ireland with the one-stop shop; two mugs of £22.00 on their way to Germany."""
    MarketFactory(countries=["IE", "DE"])
    TaxRateFactory(country="IE", rate=Decimal(23))
    TaxRateFactory(country="DE", rate=Decimal(19))
    for scheme in TaxRegistration.Scheme.values:
        TaxRegistration.objects.create(
            country="IE",
            scheme=scheme,
            number="IE6547363Q",
            valid=DateRange(dt.date(2020, 1, 1), None),
        )
    union = MethodFactory(
        code="union", name="Union", zone=ZoneFactory(name="Union", countries=["IE", "DE"])
    )
    RateFactory(method=union)
    line = CartLineFactory(variant=in_stock(9), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


def answered(state, number=GERMAN):
    now = timezone.now()
    VatCheck.objects.create(number=number, state=state, asked_at=now, answered_at=now)


def submit(client, **changes):
    return client.post(URL, {**TYPED, **changes})


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_nobody_has_to_be_a_business(client, line):
    html = client.get(URL).content.decode()

    assert "Buying for a business?" in html
    assert submit(client, company="").status_code == 302


def test_a_proved_number_takes_the_tax_out_and_says_so_before_anything_is_ordered(client, line):
    answered(VatCheck.State.VALID)

    page = text_of(submit(client, vat_number="de 325 249 188", refresh="1"))

    assert "The register confirms this VAT number" in page
    assert "Reverse charge: VAT to be accounted for by the recipient" in page
    assert "£40.25" in page
    assert not Order.objects.exists()


def test_an_order_keeps_company_number_and_why_no_tax_was_charged(client, line):
    answered(VatCheck.State.VALID)

    answer = submit(client, vat_number="de 325 249 188", seen_total="47.90")

    order = Order.objects.get()
    assert answer.status_code == 302
    assert (order.company, order.vat_number) == ("Kiln Works GmbH", GERMAN)
    assert (order.tax_relief, order.tax) == (Order.Relief.REVERSE_CHARGE, 0)


def test_a_number_nobody_answered_for_is_kept_and_taxed(client, line):
    now = timezone.now()
    VatCheck.objects.create(number=GERMAN, state=VatCheck.State.UNANSWERED, asked_at=now)

    said = text_of(submit(client, vat_number=GERMAN, refresh="1"))
    submit(client, vat_number=GERMAN)

    order = Order.objects.get()
    assert "Nobody has confirmed this VAT number yet, so VAT is charged" in said
    assert (order.vat_number, order.tax_relief) == (GERMAN, "")
    assert order.tax > 0


def test_a_number_the_register_does_not_know_is_an_error_at_its_field(client, line):
    answered(VatCheck.State.INVALID)

    answer = submit(client, vat_number=GERMAN)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "The register does not know this VAT number" in html
    assert 'href="#id_vat_number"' in html
    assert 'value="Kilnstraße 4"' in html
    assert not Order.objects.exists()


@pytest.mark.parametrize("number", ["DE123", "ZZ123456789", "DE325249189"])
def test_what_can_be_no_number_is_an_error_in_words(client, line, number):
    answer = submit(client, vat_number=number)

    assert answer.status_code == 422
    assert "VAT number" in re.search(r'id="id_vat_number_error".*?</p>', answer.content.decode())[0]
    assert not Order.objects.exists()


def test_looking_again_says_what_is_wrong_and_marks_nothing(client, line):
    answer = submit(client, vat_number="DE123", refresh="1")

    assert answer.status_code == 200
    assert "another length" in answer.content.decode()
