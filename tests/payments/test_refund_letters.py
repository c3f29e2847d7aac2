"""What the buyer reads of a refund: in the mail, on the order's page."""

from decimal import Decimal

import pytest
from django.core import mail

from payments.models import GrantedRefund
from payments.services.grants import Asked
from payments.tasks import email_canceled, email_refunded
from shop.outbox.models import Message
from shop.processes import fulfilment
from tests.factories import paid_order
from tests.factories.value import gift_card
from tests.processes.test_refunding import NOW, charged, give, sold
from tests.processes.test_stored_value import basket, place

pytestmark = pytest.mark.django_db
To = GrantedRefund.To


def posted(topic, task):
    """Deliver the one message of a topic and read the mail."""
    task(message_id=Message.objects.get(topic=topic).pk)
    return mail.outbox[-1]


def refunded():
    return posted("mail.order_refunded", email_refunded)


def both(letter):
    return letter.body, letter.alternatives[0][0]


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (To.ORIGIN, "£5.00 goes back the way you paid: Card"),
        (To.STORE_CREDIT, "£5.00 is store credit"),
        (To.GIFT_CARD, "£5.00 comes as a gift card"),
    ],
)
def test_the_mail_says_where_the_money_goes(to, words):
    order = sold()
    give(order, Asked(goodwill=Decimal("5.00")), to=to)

    letter = refunded()

    assert letter.subject == f"Refund of £5.00 for order {order.number}"
    assert all(words in text and "price lowered" in text for text in both(letter))


def test_a_transfer_is_told_as_one():
    order = paid_order(payment_method="bank_transfer")
    give(order, Asked({order.lines.get().pk: 1}))

    assert all("goes to your bank account" in text for text in both(refunded()))


def test_money_back_on_a_card_names_the_card():
    card = gift_card("100")
    order = place(basket(card))
    give(order, Asked(whole=True))

    assert all(f"Gift card …{card.last4}" in text for text in both(refunded()))


def test_the_letter_about_a_cancelled_order_says_where_its_money_goes():
    card = gift_card("15")
    order = charged(place(basket(card)))
    fulfilment.cancel(order_id=order.pk, reason="No", actor=None, now=NOW)

    letter = posted("mail.order_canceled", email_canceled)

    assert all("goes back the way you paid" in text for text in both(letter))
    assert all("£15.00 is back on your balance" in text for text in both(letter))


def test_the_page_of_the_order_tells_every_refund(client):
    order = sold()
    give(order, Asked(goodwill=Decimal("5.00")))
    give(order, Asked(goodwill=Decimal("2.00")), key="form-2", to=To.STORE_CREDIT)

    page = client.get(order.get_absolute_url()).content.decode()

    assert "£5.00 goes back the way you paid" in page
    assert "£2.00 is store credit" in page
