"""What a buyer does alone on an order's page: cancel, correct the address, order again."""

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import CartLine, Order, OrderEdit
from orders.tasks import email_order_changed
from shop.outbox.models import Mail, Message
from tests.factories import in_stock, paid_order, placed_order, shipped_order

pytestmark = pytest.mark.django_db
THERE = {
    "name": "Alice Byron",
    "line1": "3 Engine Yard",
    "line2": "",
    "city": "London",
    "postcode": "n1 9gx",
    "phone": "",
}


def address(order, name):
    return f"{reverse(f'orders:{name}', args=[order.number])}?t={order.link_token}"


def test_the_page_offers_to_cancel_and_to_send_it_elsewhere(client):
    order = paid_order()

    html = client.get(order.get_absolute_url()).content.decode()

    assert "Cancel the order" in html
    assert "Change the address" in html


def test_the_form_holds_the_address_as_it_is_with_a_state_where_letters_need_one(client):
    here, there = placed_order(), placed_order()
    Order.objects.filter(pk=here.pk).update(name='Ada "Bo" <Byron>', line2="")
    Order.objects.filter(pk=there.pk).update(country="US", region="CA", city="Oakland")

    for _visit in range(2):
        at_home = client.get(here.get_absolute_url()).content.decode()
        abroad = client.get(there.get_absolute_url()).content.decode()

        assert 'value="Ada &quot;Bo&quot; &lt;Byron&gt;"' in at_home
        assert "address_region" not in at_home
        assert '<option value="CA" selected>' in abroad
        assert 'value="Oakland"' in abroad


def test_what_has_left_is_neither_cancelled_nor_sent_elsewhere(client):
    order = shipped_order()

    html = client.get(order.get_absolute_url()).content.decode()
    answer = client.post(address(order, "order_cancel"))

    assert "Cancel the order" not in html
    assert answer.status_code == 409
    order.refresh_from_db()
    assert order.status != order.Status.CANCELED


def test_one_click_cancels_and_gives_the_money_back(client):
    order = paid_order()

    answer = client.post(address(order, "order_cancel"), {"reason": "Ordered twice"})

    order.refresh_from_db()
    assert answer.status_code == 302
    assert order.status == order.Status.CANCELED
    assert order.granted_refunds.get().total == order.total
    assert "The order is cancelled" in client.get(answer.url).content.decode()


def test_a_second_click_cancels_nothing_more(client):
    order = paid_order()

    client.post(address(order, "order_cancel"))
    client.post(address(order, "order_cancel"))

    assert order.granted_refunds.count() == 1


def test_the_address_is_corrected_and_told_once(client):
    order = paid_order()

    client.post(address(order, "order_address"), THERE)
    client.post(address(order, "order_address"), THERE)
    for message in Message.objects.filter(topic="mail.order_changed"):
        email_order_changed(message_id=message.pk)

    order.refresh_from_db()
    assert (order.line1, order.postcode) == ("3 Engine Yard", "N1 9GX")
    assert OrderEdit.objects.count() == 1
    (sent,) = Mail.objects.filter(kind="orders/order_changed")
    assert "3 Engine Yard" in sent.text


def test_the_page_tells_what_was_changed(client):
    order = paid_order()

    answer = client.post(address(order, "order_address"), THERE)

    html = client.get(answer.url).content.decode()
    assert "What was changed" in html
    assert "Changed by you" in html


def test_a_mistake_in_the_address_keeps_what_was_typed(client):
    order = paid_order()

    answer = client.post(address(order, "order_address"), THERE | {"postcode": "nowhere"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in html
    assert "3 Engine Yard" in html
    order.refresh_from_db()
    assert order.line1 == "12 Analytical Row"


def test_an_order_is_ordered_again(client):
    order = shipped_order(variant=in_stock(20), quantity=2)

    answer = client.post(address(order, "order_again"))

    assert answer.status_code == 302
    assert CartLine.objects.get(cart__ordered_at=None).quantity == 2
    assert "cart" in answer.cookies


def test_ordering_again_says_what_is_gone_or_dearer(client):
    mug = in_stock(20)
    order = shipped_order(variant=mug)
    mug.prices.update(amount="99.00")

    html = client.post(address(order, "order_again")).content.decode()

    assert "costs £99.00 today" in html


@pytest.mark.parametrize("name", ["order_cancel", "order_address", "order_again"])
class TestStrangers:
    def test_need_the_key(self, client, name):
        order = placed_order()

        assert client.post(reverse(f"orders:{name}", args=[order.number])).status_code == 404

    def test_do_nothing_by_looking(self, client, name):
        assert client.get(address(placed_order(), name)).status_code == 405

    def test_do_nothing_from_other_sites(self, name):
        order = placed_order()

        answer = Client(enforce_csrf_checks=True).post(address(order, name))

        assert answer.status_code == 403
