"""What an order's page, its mail and its page for staff say of every figure."""

import re
from decimal import Decimal

import pytest
from django.core import mail as outbox
from django.utils import timezone

from orders.emails import letter
from orders.models import CartCode, Order
from orders.services import receipts
from orders.services.receipts import Row
from payments.services import stored_value
from shop.outbox import mail
from shop.outbox.models import Message
from shop.processes import checkout
from tests.factories import CartLineFactory, checkout_of, in_stock
from tests.factories.people import staff
from tests.factories.promotions import promotion
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page_of(client, order):
    return text_of(client.get(order.get_absolute_url()).content.decode())


@pytest.fixture
def order(db):
    """Three mugs as 3 for 2, a gift, free delivery, and a gift card of £20.00: £24.00 to pay."""
    line = CartLineFactory(variant=in_stock(20), quantity=3)
    promotion("groups", {"buy": 2, "get": 1, "percent": "100"}, label="3 for 2", lane=0)
    promotion("shipping", {"percent": "100"}, label="Free delivery")
    promotion("gift", {"variant": in_stock(5).pk, "quantity": 1}, label="A mug on us")
    card = gift_card("20.00")
    CartCode.objects.create(
        cart=line.cart,
        kind=CartCode.Kind.GIFT_CARD,
        value=card.digest,
        shown=stored_value.shown(card),
        added_at=NOW,
    )
    choice = checkout_of("bank_transfer", company="Engine Works", vat_number="GB123456782")
    return checkout.place_order(cart=line.cart, choice=choice, now=NOW)


def sums_of(order):
    return receipts.sums_of(
        order, list(order.lines.order_by("position")), list(order.adjustments.all())
    )


def test_the_rows_add_up_to_the_total(order):
    sums = sums_of(order)

    assert (sums.goods, sums.delivery, sums.savings) == (
        Decimal("66.00"),
        Decimal("3.90"),
        Decimal("25.90"),
    )
    assert sums.goods - sums.savings + sums.delivery == sums.total == Decimal("44.00")


def test_the_rows_add_up_without_tax_as_well(order):
    order.market.shows_tax = False

    sums = sums_of(order)

    taxes = sum(row.amount for row in sums.taxes)
    assert sums.goods - sums.savings + sums.delivery + taxes == sums.total == Decimal("44.00")


def test_the_page_tells_discounts_gifts_tax_and_who_paid(client, order):
    page = page_of(client, order)

    assert "3 for 2: −£22.00" in page
    assert "Free delivery −£3.90" in page
    assert "Your gift" in page
    assert "Including VAT 20% £7.33" in page
    assert "Engine Works" in page
    assert "GB123456782" in page
    assert "−£20.00 Still to pay £24.00" in page


def test_the_page_says_why_no_tax_is_charged(client, order):
    Order.objects.update(tax_relief=Order.Relief.REVERSE_CHARGE)

    assert "Reverse charge: VAT to be accounted for by the recipient" in page_of(client, order)


def test_the_mail_tells_the_same_in_both_its_forms(order):
    paid = [Row("Gift card …7Q2F", Decimal(20))]

    mail.send(letter(order, "order_confirmation", key="k", paid=paid))

    sent = outbox.outbox[-1]
    html = text_of(sent.alternatives[0][0])
    for body in (re.sub(r"\s+", " ", sent.body), html):
        assert "3 for 2: −£22.00" in body
        assert "Engine Works" in body
        assert "Including VAT 20%" in body
    assert "Still to pay: £24.00" in sent.body
    assert "Gift card …7Q2F −£20.00 Still to pay £24.00" in html


def test_the_mail_about_a_part_paid_order_asks_for_the_rest(order):
    payload = Message.objects.get(topic="mail.order_confirmation").payload

    assert [amount for _name, amount in payload["paid"]] == ["20.000"]


def test_staff_read_every_adjustment_and_every_tax_line(client, order):
    client.force_login(staff("owner"))

    html = client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()

    page = text_of(html)
    assert "Why it costs that" in page
    for one in order.adjustments.all():
        assert f"{one.label} #{one.promotion}" in page
    assert page.count("standard, in the price") == order.tax_lines.count()
    assert "Engine Works" in page
    assert "free gift" in page
