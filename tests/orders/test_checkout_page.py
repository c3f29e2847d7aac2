import re

import pytest
from django.urls import reverse

from inventory.models import StockItem
from orders.models import Order
from tests.factories import (
    CartLineFactory,
    MarketFactory,
    RateFactory,
    TaxRateFactory,
    in_stock,
    stock_of,
)

pytestmark = pytest.mark.django_db
URL = "/checkout/"
TYPED = {
    "email": "alice@example.com",
    "name": "Alice Byron",
    "line1": "12 Analytical Row",
    "line2": "",
    "city": "London",
    "postcode": "n19gu",
    "country": "GB",
    "phone": "",
    "shipping_method": "tracked-48",
    "payment_method": "bank_transfer",
}


@pytest.fixture
def line(client):
    MarketFactory()
    TaxRateFactory()
    RateFactory()
    line = CartLineFactory(variant=in_stock(5), quantity=2)
    client.cookies["cart"] = line.cart.token
    return line


def submit(client, **changes):
    return client.post(URL, {**TYPED, **changes})


def test_an_empty_basket_has_nothing_to_check_out(client, demo_market):
    assert client.get(URL).headers["Location"] == reverse("orders:cart")


def test_the_page_asks_for_no_more_than_eight_visible_fields(client, line):
    html = client.get(URL).content.decode()
    main = html[html.index("<main") : html.index("</main>")]

    named = set(re.findall(r'name="(email|name|line1|line2|city|postcode|country|phone)"', main))

    assert named == {"email", "name", "line1", "line2", "city", "postcode", "country", "phone"}


def test_the_total_is_known_before_anything_is_typed(client, line):
    html = client.get(URL).content.decode()

    assert "£47.90" in html
    assert "Arrives" in html


def test_placing_leads_to_the_orders_own_page(client, line):
    answer = submit(client)

    order = Order.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(order.get_absolute_url())
    assert order.postcode == "N1 9GU"
    assert stock_of(line.variant) == (5, 2)


def test_the_same_checkout_sent_twice_gives_one_order(client, line):
    first = submit(client)
    client.cookies["cart"] = line.cart.token

    second = submit(client)

    assert second.headers["Location"] == first.headers["Location"]
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "", "Enter your email address"),
        ("email", "alice@", "name@example.com"),
        ("name", " ", "Enter your name"),
        ("line1", "", "street"),
        ("city", "", "town or city"),
        ("postcode", "N1 9G", "postcode like"),
        ("postcode", "", "Enter a postcode"),
        ("country", "FR", "do not deliver"),
        ("country", "ZZ", "do not deliver"),
        ("phone", "call me", "phone number"),
        ("payment_method", "gold", "gold"),
        ("shipping_method", "rocket", "delivery options"),
    ],
)
def test_mistakes_are_named_and_keep_what_was_typed(client, line, field, value, says):
    answer = submit(client, **{field: value})

    html = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert says in html
    assert "<title>Error" in html
    if field != "city":
        assert 'value="London"' in html
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "hostile",
    ['"><script>alert(1)</script>', "Robert'); drop table orders_order;--", "a\u202eb", "😀" * 30],
)
def test_hostile_text_is_kept_as_text(client, line, hostile):
    submit(client, name=hostile)
    order = Order.objects.get()

    html = client.get(order.get_absolute_url()).content.decode()

    assert "<script>alert" not in html
    assert order.name == hostile.strip()


def test_a_price_in_the_form_is_not_read(client, line):
    submit(client, total="0.01", price="0.01", shipping_gross="0")

    assert str(Order.objects.get().total) == "47.900"


def test_sold_out_meanwhile_says_so_and_orders_nothing(client, line):
    StockItem.objects.update(on_hand=1)

    answer = submit(client)

    assert answer.status_code == 409
    assert "Nothing was ordered" in answer.content.decode()
    assert not Order.objects.exists()


def test_changing_the_country_without_script_keeps_what_was_typed(client, line):
    answer = client.post(URL, {**TYPED, "refresh": "1", "postcode": "bad"})

    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="12 Analytical Row"' in html
    assert "There is a problem" not in html


def test_an_order_page_opens_with_its_key_alone(client, line):
    submit(client)
    order = Order.objects.get()
    bare = reverse("orders:order", args=[order.number])

    assert client.get(order.get_absolute_url()).status_code == 200
    assert client.get(bare).status_code == 404
    assert client.get(f"{bare}?t=wrong").status_code == 404
    assert client.get(f"{bare}?t={order.link_token[:-1]}").status_code == 404


def test_an_order_page_is_stored_and_indexed_by_nobody(client, line):
    submit(client)

    answer = client.get(Order.objects.get().get_absolute_url())

    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.content.decode()


def test_a_transfer_page_tells_where_to_pay(client, line):
    submit(client)

    html = client.get(Order.objects.get().get_absolute_url()).content.decode()

    assert "GB33 BUKB" in html
    assert Order.objects.get().number in html


class TestLookup:
    def test_number_and_address_show_the_progress_without_personal_data(self, client, line):
        submit(client)
        order = Order.objects.get()

        answer = client.post(
            reverse("orders:lookup"), {"number": order.number, "email": "ALICE@example.com"}
        )

        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Ordered" in html
        assert "Analytical Row" not in html
        assert order.link_token not in html

    @pytest.mark.parametrize("number", ["10001", "99999", "x' or 1=1"])
    def test_a_wrong_pair_looks_like_a_miss(self, client, line, number):
        submit(client)

        answer = client.post(
            reverse("orders:lookup"), {"number": number, "email": "eve@example.com"}
        )

        assert answer.status_code == 404
        assert "We know no order" in answer.content.decode()

    def test_guessing_is_slowed_down(self, client, line):
        for _try in range(10):
            client.post(reverse("orders:lookup"), {"number": "1", "email": "e@example.com"})

        answer = client.post(reverse("orders:lookup"), {"number": "1", "email": "e@example.com"})

        assert answer.status_code == 429


def test_an_order_keeps_where_it_was_placed_from_and_the_log_does_not(client, line, caplog):
    client.post(URL, TYPED, REMOTE_ADDR="81.2.69.142")

    assert Order.objects.get().ip == "81.2.69.142"
    assert "81.2.69" not in caplog.text
