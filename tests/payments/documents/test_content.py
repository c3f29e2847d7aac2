"""What is on the page: every point of Article 226, for every kind of order."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import TaxTerritory
from payments.models import Payment, PaymentEvent, Series
from payments.services import documents
from tests.factories import in_stock, paid_order
from tests.factories.catalog import MarketFactory, TaxRateFactory
from tests.factories.documents import (
    credit_note_of,
    granted,
    invoice,
    invoice_of,
    registered,
    written_order,
)
from tests.factories.specials import extra_of
from tests.factories.value import gift_card_variant

pytestmark = pytest.mark.django_db


def of(order, **fields):
    return invoice(order, **fields).content


def summed(content, name):
    return sum(Decimal(line[name]) for line in content["lines"])


def paid_by_card(order, **card):
    payment = Payment.objects.create(
        order=order,
        provider="card",
        amount=order.total,
        currency=order.currency,
        charged=order.total,
        card=card,
        created_at=timezone.now(),
    )
    PaymentEvent.objects.create(
        payment=payment,
        kind="charge",
        stage="success",
        amount=order.total,
        provider="card",
        provider_ref="pi_1",
        at=dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
    )


def test_names_and_addresses_of_both_are_there():
    content = of(written_order({"price": "12.00"}, company="Byron & Co", postcode="N1 9GU"))

    assert content["seller"]["company"] == "Marl & Weft Ltd"
    assert content["seller"]["address"][-1] == "Stoke-on-Trent ST4 7XX"
    assert content["buyer"]["company"] == "Byron & Co"
    assert content["buyer"]["address"] == ["12 Analytical Row", "London N1 9GU"]
    assert content["buyer"]["country_name"] == "United Kingdom"


def test_days_of_issue_and_of_supply_are_there():
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

    content = of(written_order({"price": "12.00"}), when=Series.When.SHIPPED, now=now)

    assert content["issued_on"] == content["supply"]["on"] == "2026-11-22"


def test_a_line_says_what_how_many_and_at_which_price_before_tax():
    content = of(written_order({"price": "24.00", "quantity": 2, "title": "Mug"}, delivery=()))

    line = content["lines"][0]
    assert (line["title"], line["quantity"], line["unit"]) == ("Mug", 2, "20.00")
    assert (line["net"], line["tax"], line["gross"]) == ("40.00", "8.00", "48.00")
    assert (line["rate"], line["category"]) == ("20", "S")


def test_a_price_that_does_not_come_out_even_is_told_finer():
    content = of(written_order({"price": "22.00", "quantity": 3}, delivery=()))

    assert content["lines"][0]["unit"] == "18.3333"


def test_discounts_are_told_before_tax():
    line = {"price": "24.00", "quantity": 2, "discount": "6.00"}

    content = of(written_order(line, delivery=()))

    line = content["lines"][0]
    assert line["discounts"] == [{"label": "Winter sale", "amount": "5.00"}]
    assert (line["listed"], line["net"]) == ("40.00", "35.00")


def test_a_gift_is_told_at_its_worth_less_all_of_it():
    gift = {"price": "12.00", "discount": "12.00", "is_gift": True}

    content = of(written_order({"price": "24.00"}, gift, delivery=()))

    line = content["lines"][1]
    assert (line["listed"], line["net"], line["gross"]) == ("10.00", "0.00", "0.00")
    assert "Free gift" in line["details"]


def test_extras_parts_and_special_prices_are_told():
    extras = [{"name": "Engraving", "value": "Anna", "amount": "5.00"}]
    line = {
        "price": "24.00",
        "variant_label": "Blue",
        "extras": extras,
        "parts": [("Saucer", 2)],
        "price_note": "Trade",
    }

    content = of(written_order(line))

    assert content["lines"][0]["details"] == ["Blue", "Engraving: Anna", "2 × Saucer", "Trade"]


def test_an_engraved_piece_from_the_checkout_is_told_with_its_words(demo_market):
    variant = in_stock()
    extra_of(variant)

    content = invoice_of(paid_order(variant=variant)).content

    assert summed(content, "gross") == Decimal(content["total"])


def test_every_rate_has_its_taxable_amount_and_tax():
    goods = {"price": "12.00"}, {"price": "10.50", "rate": "5"}, {"price": "7.00", "rate": "0"}

    content = of(written_order(*goods, delivery=(("2.40", "20"), ("1.05", "5"))))

    rows = [(row["rate"], row["base"], row["amount"], row["category"]) for row in content["taxes"]]
    assert rows == [
        ("20", "12.00", "2.40", "S"),
        ("5", "11.00", "0.55", "S"),
        ("0", "7.00", "0.00", "Z"),
    ]


def test_delivery_is_told_by_its_shares():
    goods = {"price": "12.00"}, {"price": "10.50", "rate": "5"}

    content = of(written_order(*goods, delivery=(("2.40", "20"), ("1.05", "5"))))

    shares = [line for line in content["lines"] if line["kind"] == "delivery"]
    assert [(one["net"], one["rate"]) for one in shares] == [("2.00", "20"), ("1.00", "5")]


def test_a_content_adds_up_to_its_order():
    lines = [{"price": f"{n}.99", "quantity": n, "rate": n % 3 * 10} for n in range(1, 20)]
    order = written_order(*lines)

    content = of(order)

    assert summed(content, "net") == order.net
    assert summed(content, "tax") == order.tax
    assert sum(Decimal(row["base"]) for row in content["taxes"]) == order.net


def test_yen_have_no_decimals():
    content = of(written_order({"price": "1100", "rate": "10"}, delivery=(), currency="JPY"))

    assert (content["net"], content["tax"], content["total"]) == ("1000", "100", "1100")


# Numbers and reasons


def test_the_sellers_number_of_the_taxed_country_comes_first():
    registered()
    registered("IE", "IE3708140N")
    registered("IE", "IE3708140N", "oss")
    order = written_order({"price": "23.00", "rate": "23"}, country="IE", currency="EUR")

    numbers = of(order)["seller"]["vat_numbers"]

    assert [one["number"] for one in numbers] == ["IE3708140N", "GB943932601"]


def test_a_business_abroad_reads_why_no_tax_is_charged():
    registered("IE", "IE3708140N")
    buyer = {"country": "DE", "vat_number": "DE136695976", "company": "Ton GmbH"}
    sent, online = {"price": "24.00"}, {"price": "12.00", "is_shipped": False}

    content = of(written_order(sent, online, delivery=(), relief="reverse_charge", **buyer))

    assert content["buyer"]["vat_number"] == "DE136695976"
    assert [line["category"] for line in content["lines"]] == ["K", "AE"]
    assert "Article 138 of Directive 2006/112/EC" in content["lines"][0]["reason"]
    assert "196 of Directive 2006/112/EC" in content["lines"][1]["reason"]
    assert all("Reverse charge" in words for words in content["notes"])


@pytest.mark.parametrize(
    ("home", "words"),
    [("GB", "Value Added Tax Act 1994"), ("IE", "Article 146 of Directive 2006/112/EC")],
)
def test_an_export_names_the_law_it_leaves_under(settings, home, words):
    settings.SHOP = {**settings.SHOP, "country": home}
    registered(home, f"{home}1")

    content = of(written_order({"price": "24.00"}, delivery=(), relief="export", country="US"))

    assert words in content["notes"][0]
    assert content["lines"][0]["category"] == "G"


def test_the_canary_islands_are_named_where_their_tax_is_nought():
    TaxTerritory.objects.create(country="ES", region="IC", name="Canary Islands", postcodes="3[58]")
    registered("IE", "IE3708140N")

    content = of(written_order({"price": "24.00"}, relief="export", country="ES", region="IC"))

    assert content["taxes"][0]["region"] == "Canary Islands"
    assert "Export" in content["notes"][0]


def test_northern_ireland_is_named_beside_its_rate():
    TaxTerritory.objects.create(
        country="GB", region="NI", name="Northern Ireland", postcodes="BT.*"
    )

    content = of(written_order({"price": "24.00"}, region="NI", postcode="BT1 1AA"))

    assert content["taxes"][0]["region"] == "Northern Ireland"
    assert content["taxes"][0]["amount"] != "0.00"


def test_an_exempt_customer_reads_that_it_is_exempt():
    registered("IE", "IE3708140N")

    content = of(written_order({"price": "24.00"}, relief="exempt", country="IE"))

    assert "Exempt from VAT under Article 151" in content["notes"][0]


def test_a_gift_card_is_outside_tax_and_says_so(demo_market):
    TaxRateFactory(tax_class__code="zero", rate=0)
    content = invoice_of(paid_order(variant=gift_card_variant())).content

    line = content["lines"][0]
    assert (line["tax"], line["category"]) == ("0.00", "E")
    assert "voucher" in line["reason"]


def test_tax_in_another_currency_is_told_in_the_shops_own():
    MarketFactory()

    content = of(
        written_order({"price": "23.00", "rate": "23"}, delivery=(), currency="EUR",
                      exchange_rate=Decimal("0.85"))
    )  # fmt: skip

    assert content["own_currency"] == {"currency": "GBP", "rate": "0.85", "tax": "3.66"}


def test_tax_in_the_shops_own_currency_is_told_once():
    assert of(written_order({"price": "12.00"}))["own_currency"] is None


# Money


def test_a_paid_invoice_says_by_what_and_when():
    order = written_order({"price": "12.00"})
    paid_by_card(order, brand="visa", last4="4242")

    payment = of(order)["payment"]

    assert payment["paid"] == [
        {"name": "Visa …4242", "amount": f"{order.total:.2f}", "on": "2026-11-20"}
    ]
    assert payment["due"] == "0.00"


def test_an_open_invoice_says_where_to_pay_and_by_when():
    order = written_order(
        {"price": "12.00"}, payment_method="bank_transfer", due_on=dt.date(2026, 12, 6)
    )

    payment = of(order)["payment"]

    assert payment["due"] == "16.50"
    assert payment["due_on"] == "2026-12-06"
    assert payment["bank"]["reference"] == order.number


def test_cash_on_delivery_is_paid_at_the_door():
    order = written_order({"price": "12.00"}, payment_method="cash_on_delivery")

    assert "when it is delivered" in of(order)["payment"]["words"]


# Credit notes


def test_a_credit_note_names_its_invoice_and_the_reason():
    order = written_order({"price": "12.00", "quantity": 2})
    whole = invoice(order)

    content = credit_note_of(order, share=Decimal("0.5"), quantity=1).content

    assert content["invoice"] == {
        "label": whole.label,
        "issued_on": whole.issued_on.isoformat(),
    }
    assert content["reason"] == "Arrived broken"
    assert content["lines"][0]["quantity"] == 1
    assert summed(content, "gross") == Decimal(content["total"])


def test_a_lowered_price_is_told_as_one():
    order = written_order({"price": "12.00", "title": "Mug"})
    invoice(order)

    content = credit_note_of(order, share=Decimal("0.1"), quantity=0).content

    assert content["lines"][0]["title"] == "Price reduced: Mug"


def test_a_credit_note_says_what_was_never_paid():
    order = written_order({"price": "12.00"}, delivery=())
    invoice(order)
    grant = granted(order, kind="cancellation", unpaid=Decimal("12.00"))

    content = credit_note_of_grant(grant)

    assert (content["payment"]["back"], content["payment"]["unpaid"]) == ("0.00", "12.00")


def credit_note_of_grant(grant):
    return documents.credit_note(grant=grant, now=timezone.now()).content
