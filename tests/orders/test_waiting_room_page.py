"""The page of those who wait for the checkout, and the door that they go through."""

import re
import time

import pytest
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as Gone

from inventory.models import Reservation, StockItem
from orders.models import Order
from orders.services import waiting_room
from orders.services.waiting_room import Ticket, room
from orders.views import standing
from shop.lib import limits
from tests.factories import CartLineFactory
from tests.orders.test_checkout_page import TYPED

pytestmark = pytest.mark.django_db
URL, QUEUE = "/checkout/", "/checkout/queue/"
WAITS = "You are in line for the checkout"


@pytest.fixture
def crush(line):
    """Staff let nobody in: whoever comes now waits."""
    waiting_room.open_room(per_minute=0, now=timezone.now())
    return line


def go_on():
    """Everybody who waits is called."""
    waiting_room.open_room(per_minute=600_000, now=timezone.now())


@pytest.fixture
def seconds_later(monkeypatch):
    """What is held for a second is read again."""

    def wait():
        ahead = time.monotonic() + standing.HELD_SECONDS + 1
        monkeypatch.setattr(standing, "monotonic", lambda: ahead)

    return wait


def place_order(client):
    return client.post(URL, TYPED)


def browser(line, **headers):
    somebody = Client(headers=headers)
    somebody.cookies["cart"] = line.cart.token
    return somebody


def test_on_quiet_days_nobody_sees_it(client, line):
    page = client.get(URL)

    assert WAITS not in page.content.decode()
    assert place_order(client).headers["Location"].startswith("/orders/")


def test_whoever_comes_when_it_is_full_is_told_the_place_and_holds_no_goods(client, crush):
    page = client.get(URL)

    assert page.status_code == 200
    assert WAITS in page.content.decode()
    assert not Reservation.objects.exists()
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Retry-After"] == "5"


def test_loading_the_page_again_keeps_the_place(client, crush):
    client.get(URL)
    other = browser(CartLineFactory(cart__market=crush.cart.market, variant=crush.variant))
    other.get(URL)

    assert "1 shopper is ahead of you" in client.get(URL).content.decode()
    assert "2 shoppers are ahead of you" in other.get(URL).content.decode()


def test_a_number_that_was_written_by_hand_is_the_last_place(client, crush):
    for _who in range(3):
        browser(crush).get(URL)
    client.get(URL)
    turn = client.cookies["turn"].value
    client.cookies["turn"] = re.sub(r"\.4:", ".1:", turn)

    assert "5 shoppers are ahead of you" in client.get(URL).content.decode()


def test_it_looks_again_without_script_until_that_is_switched_off(client, crush):
    assert '<noscript><meta http-equiv="refresh"' in client.get(URL).content.decode()
    assert 'http-equiv="refresh"' not in client.get(f"{URL}?still=1").content.decode()


def test_when_it_is_time_the_same_address_is_the_checkout(client, crush):
    client.get(URL)
    go_on()

    assert 'id="checkout"' in client.get(URL).content.decode()
    assert place_order(client).status_code == 302
    assert Order.objects.get().email == "alice@example.com"


def test_the_script_is_told_the_place_and_then_to_open_the_checkout(client, crush):
    client.get(URL)
    waiting = client.get(QUEUE)
    go_on()

    assert "1 shopper is ahead of you" in waiting.content.decode()
    assert "<html" not in waiting.content.decode()
    assert client.get(QUEUE).status_code == 204
    assert 'id="checkout"' in client.get(URL).content.decode()


def test_somebody_without_a_place_is_sent_to_the_door(client, crush):
    assert client.get(QUEUE).status_code == 204


def test_who_is_inside_stays_inside_when_it_fills_up(client, line):
    client.get(URL)
    waiting_room.open_room(per_minute=0, now=timezone.now())

    assert 'id="checkout"' in client.get(URL).content.decode()
    assert client.post(URL, {**TYPED, "refresh": "1"}).status_code == 200
    assert place_order(client).status_code == 302


def test_a_form_without_a_pass_orders_nothing_and_leads_to_the_line(client, crush):
    answer = place_order(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, URL)
    assert not Order.objects.exists()
    assert WAITS in client.get(URL).content.decode()


def test_a_part_of_the_page_that_is_asked_for_without_a_pass_loads_the_line(client, crush):
    answer = client.post(URL, {**TYPED, "refresh": "1"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == URL


def test_a_pass_that_was_copied_gives_one_order(client, line):
    client.get(URL)
    copied = client.cookies["turn"].value
    place_order(client)
    waiting_room.open_room(per_minute=0, now=timezone.now())
    friend = browser(CartLineFactory(cart__market=line.cart.market, variant=line.variant))
    friend.cookies["turn"] = copied

    place_order(friend)

    assert Order.objects.count() == 1


def test_the_second_click_of_an_order_leads_to_it_however_full_it_is(client, line):
    client.get(URL)
    kept = client.cookies["turn"].value
    first = place_order(client)
    waiting_room.open_room(per_minute=0, now=timezone.now())
    client.cookies["cart"], client.cookies["turn"] = line.cart.token, kept

    assert place_order(client).headers["Location"] == first.headers["Location"]


def test_a_basket_that_is_sold_out_is_told_at_once_and_takes_no_number(client, crush):
    StockItem.objects.update(on_hand=0)

    page = client.get(URL).content.decode()

    assert "<h1>Sold out</h1>" in page
    assert "Sold out since you added it" in page
    assert 'http-equiv="refresh"' not in page
    assert not waiting_room.look(now=timezone.now()).waiting


def test_what_sells_out_meanwhile_is_told_in_line_and_nobody_goes_in_for_it(
    client, crush, seconds_later
):
    client.get(URL)
    StockItem.objects.update(on_hand=0)
    seconds_later()
    go_on()

    answer = client.get(QUEUE)

    assert "data-over" in answer.content.decode()
    assert not waiting_room.minutes(last=1, now=timezone.now())[0].let_in


def test_of_those_who_look_in_the_same_second_one_asks_for_the_stock(
    client, crush, seconds_later, django_assert_num_queries
):
    other = browser(CartLineFactory(cart__market=crush.cart.market, variant=crush.variant))
    client.get(URL)
    other.get(URL)

    with django_assert_num_queries(1):
        client.get(QUEUE)
    seconds_later()
    with django_assert_num_queries(2):
        client.get(QUEUE)
    with django_assert_num_queries(1):
        other.get(QUEUE)


def test_whoever_keeps_the_last_one_is_not_told_that_it_is_gone(client, crush):
    item = StockItem.objects.get()
    others = browser(CartLineFactory(cart__market=crush.cart.market, variant=crush.variant))
    StockItem.objects.update(reserved=item.on_hand)
    Reservation.objects.create(
        holder=crush.cart.holder,
        stock_item=item,
        quantity=item.on_hand,
        created_at=timezone.now(),
        until=timezone.now() + waiting_room.BEGINS,
    )

    assert "Others are paying" in others.get(URL).content.decode()
    assert "Others are paying" not in client.get(URL).content.decode()


def test_what_others_are_paying_for_may_come_back(client, crush):
    item = StockItem.objects.get()
    StockItem.objects.update(reserved=item.on_hand)
    Reservation.objects.create(
        holder="6b1d7c7e-6a0c-4f0e-8a4e-000000000001",
        stock_item=item,
        quantity=item.on_hand,
        created_at=timezone.now(),
        until=timezone.now() + waiting_room.BEGINS,
    )

    page = client.get(URL).content.decode()

    assert WAITS in page
    assert "Others are paying for the last ones" in page


def test_one_address_does_not_fill_the_line(crush):
    answers = [browser(crush).get(URL).status_code for _try in range(limits.TURN.here.tries + 1)]

    assert (answers.count(200), answers[-1]) == (limits.TURN.here.tries, 429)
    assert browser(crush, x_forwarded_for="192.0.2.9").get(URL).status_code == 429


def test_without_valkey_everybody_is_let_in(client, crush, monkeypatch):
    client.get(URL)

    def away(*_args, **_more):
        raise Gone

    monkeypatch.setattr(room, "_valkey", away)

    assert 'id="checkout"' in client.get(URL).content.decode()
    assert place_order(client).status_code == 302


@pytest.mark.parametrize(
    ("said", "rate"), [(-4, 37.5), (-0.5, 600), (3, 600), (-900, 600 / 30**2), ("soon", 600)]
)
def test_how_long_the_proxy_held_a_request_tells_how_full_it_is(
    client, line, settings, time_machine, said, rate
):
    """The proxy says when it took the request in; a clock that is ahead, or nonsense, says nothing."""
    time_machine.move_to(timezone.now(), tick=False)
    settings.TRUSTED_PROXIES = ["127.0.0.1/32"]
    sent = said if isinstance(said, str) else f"{(time.time() + said) * 1000:.0f}"

    client.get(URL, headers={"X-Request-Start": sent})

    assert waiting_room.look(now=timezone.now()).per_minute == pytest.approx(rate, rel=0.01)


def test_a_stranger_does_not_say_how_long_he_waited(client, line, settings):
    settings.TRUSTED_PROXIES = ["192.0.2.1/32"]

    browser(line, x_request_start=f"{(time.time() - 9) * 1000:.0f}").get(URL)

    assert waiting_room.look(now=timezone.now()).per_minute == 600


def test_the_pass_tells_nobody_who_it_is(client, line):
    client.get(URL)

    cookie = client.cookies["turn"]
    assert re.fullmatch(r"p\d+\.\d+:[\w-]+:[\w-]+", cookie.value)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert waiting_room.pass_in(cookie.value, sends=False) == Ticket(
        re.match(r"p(\d+)", cookie.value)[1], 1, is_pass=True
    )


def test_nobody_is_let_in_for_what_sold_out_while_he_waited(client, crush, seconds_later):
    client.get(URL)
    StockItem.objects.update(on_hand=0)
    seconds_later()
    go_on()

    assert "<h1>Sold out</h1>" in client.get(URL).content.decode()
    assert not waiting_room.minutes(last=1, now=timezone.now())[0].let_in
