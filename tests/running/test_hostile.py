"""What shops have been broken with, sent to the running shop: each is refused as it should be.

The numbers are those of docs/security.md, which names the tests of what no request can show.
"""

import re
import time
from random import randrange

import httpx
import pytest

from tests.running.house import somewhere
from tests.running.visitors import SKU, add, browser, buy, letter, staff, token

SCRIPT = '<script>alert("loom-7")</script>'
EVIL = "evil.example"


@pytest.fixture
def visitor(house):
    with browser(house.url) as one:
        yield one


@pytest.fixture
def other(house):
    with browser(house.url) as one:
        yield one


@pytest.fixture(scope="module")
def bought(house):
    """Somebody's order: (number, its address with the key)."""
    with browser(house.url) as buyer:
        return buy(buyer, house, "hostile.buyer@example.com")


@pytest.fixture(scope="module")
def owner(house):
    with staff(house, "owner") as one:
        yield one


def totals(house, number):
    return house.rows("select net, tax, total from orders_order where number = %s", number)[0]


def test_07_a_price_in_the_form_changes_nothing(house, visitor, bought):
    tampered = {
        "price": "0.01", "total": "0.01", "amount": "1", "unit_price": "0", "discount": "99",
        "currency": "JPY", "status": "paid", "payment_status": "paid", "is_staff": "1",
        "customer": "1", "variant": "1", "shipping_gross": "0",
    }  # fmt: skip
    add(visitor, **tampered)
    page = visitor.get("/checkout/").text
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))
    typed = {
        "email": "tamper@example.com", "name": "Ada Byron", "line1": "12 Analytical Row",
        "city": "London", "postcode": "N1 9GU", "country": "GB",
        "shipping_method": "royal-mail-48", "payment_method": "bank_transfer",
    }  # fmt: skip

    answer = visitor.post("/checkout/", data={**fields, **tampered, **typed})

    number = re.search(r"/orders/(\w+)/", answer.headers["Location"])[1]
    assert totals(house, number) == totals(house, bought[0])
    paid = "select payment_status from orders_order where number = %s"
    assert house.value(paid, number) == house.value(paid, bought[0]) != "paid"


@pytest.mark.parametrize(
    "text", ["-1", "0", "0.5", "1e3", "NaN", "²", "1000000", "9" * 400, "", " ", "1;2", "0x10"]
)
def test_08_no_odd_quantity_gets_into_a_basket(house, visitor, text):
    answer = add(visitor, text)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "cart_count" not in visitor.cookies or visitor.cookies["cart_count"] == "0"


def test_08_a_quantity_below_one_can_not_be_written_either(house):
    with pytest.raises(Exception, match="violates check constraint"):
        house.change("update orders_cartline set quantity = -1")
    with pytest.raises(Exception, match="violates check constraint"):
        house.change("update orders_orderline set quantity = -1")


def test_09_what_is_anothers_is_not_there(house, visitor, other, bought):
    add(visitor), add(other)
    line = "select max(id) from orders_cartline"
    foreign = house.value(line)
    number, link = bought

    assert visitor.post(f"/cart/lines/{foreign}/", data={"quantity": "9"}).status_code == 404
    assert visitor.post(f"/cart/lines/{foreign}/swap/", data={"sku": SKU}).status_code == 404
    key = link.partition("t=")[2]
    for address in (
        f"/orders/{number}/", f"/orders/{int(number) - 1}/?t={key}", f"/returns/{number}/",
        f"/claims/{number}/", f"/orders/{number}/payment/code.svg", "/downloads/1/",
        f"/orders/{number}/documents/invoice.pdf",
    ):  # fmt: skip
        assert visitor.get(address).status_code == 404, address
    assert house.value("select quantity from orders_cartline where id = %s", foreign) == 1


def test_09_staffs_pages_are_nobody_elses(visitor):
    for address in ("/admin/", "/dashboard/", "/stockroom/", "/admin/orders/order/"):
        answer = visitor.get(address)
        assert answer.status_code in (302, 403, 404), address
        assert not answer.is_redirect or "/login/" in answer.headers["Location"], address


def test_10_an_orders_key_is_long_private_and_guessed_by_nobody(visitor, bought):
    number, link = bought
    key = link.partition("t=")[2].partition("&")[0]
    page = visitor.get(link)

    assert len(key) >= 27  # 160 bits
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert 'content="noindex' in page.text
    assert page.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    for wrong in (key[:-1], f"{key}x", key.swapcase(), "", "0", "%00"):
        assert visitor.get(f"/orders/{number}/?t={wrong}").status_code in (400, 404), wrong


def test_11_markup_in_a_name_is_shown_as_letters(house, visitor, owner):
    add(visitor)
    page = visitor.get("/checkout/").text
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))
    answer = visitor.post(
        "/checkout/",
        data={
            **fields, "email": "markup@example.com", "name": SCRIPT, "line1": SCRIPT,
            "city": SCRIPT, "postcode": "N1 9GU", "country": "GB",
            "shipping_method": "royal-mail-48", "payment_method": "bank_transfer",
        },
    )  # fmt: skip
    link = answer.headers["Location"]
    number = re.search(r"/orders/(\w+)/", link)[1]
    pk = house.value("select id from orders_order where number = %s", number)
    house.until("select count(*) > 0 from outbox_mail where reference = %s", True, number)

    shown = [visitor.get(link), owner.get(f"/admin/orders/order/{pk}/change/")]
    shown.append(owner.get("/admin/orders/order/"))

    assert all(page.status_code == 200 for page in shown)
    assert not any(SCRIPT in page.text for page in shown)
    mails = house.rows("select html from outbox_mail where reference = %s", number)
    assert not any(SCRIPT in html for (html,) in mails)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"]
)
def test_13_no_header_moves_the_shop_to_another_name(visitor, header):
    page = visitor.get("/orders/lookup/", headers={header: EVIL})

    assert page.status_code == 200
    assert EVIL not in page.text


def test_13_a_foreign_host_is_refused_and_mails_name_our_own(house, visitor):
    assert visitor.get("/", headers={"Host": EVIL}).status_code == 400

    page = "/account/password/reset/"
    visitor.post(
        page,
        data={"csrfmiddlewaretoken": token(visitor, page), "email": "member@marlandweft.example"},
        headers={"X-Forwarded-Host": EVIL},
    )
    query = "select count(*) > 0 from outbox_mail where \"to\"::text like '%%member@%%'"
    house.until(query, True)
    assert not house.value("select count(*) from outbox_mail where html like %s", f"%{EVIL}%")


@pytest.mark.parametrize(
    "target", [f"https://{EVIL}/", f"//{EVIL}", f"/\\{EVIL}", f"http:{EVIL}", f"https:/{EVIL}",
               "javascript:alert(1)", f"/%09/{EVIL}", f"https://127.0.0.1@{EVIL}"]
)  # fmt: skip
def test_14_nobody_is_sent_to_another_site(visitor, target):
    for answer in (
        visitor.post("/wishlist/lines/", data={"sku": SKU, "next": target}),
        add(visitor, next=target),
        visitor.get("/account/login/", params={"next": target}, follow_redirects=True),
    ):
        assert answer.status_code < 500
        where = httpx.URL(answer.headers.get("Location", "/"))
        assert where.host in ("", "127.0.0.1"), (target, answer.url)
        assert f'href="{target}"' not in answer.text


def test_17_no_cache_mixes_visitors_up(visitor, other):
    add(visitor)

    mine, theirs = visitor.get("/cart/"), other.get("/cart/")
    assert "no-store" in mine.headers["Cache-Control"]
    assert 'name="quantity"' in mine.text
    assert 'name="quantity"' not in theirs.text
    for address in ("/", "/p/foot-ring-mug/", "/help/"):
        with_basket, without = visitor.get(address), other.get(address)
        assert with_basket.text == without.text, address
        assert "set-cookie" not in with_basket.headers, address


def test_23_a_made_up_address_wins_no_tries_and_costs_nobody_theirs(house):
    """From elsewhere than the proxy's place nothing is believed; from there, each has an own count."""
    stranger = httpx.HTTPTransport(local_address=f"127.{randrange(1, 255)}.0.{randrange(2, 255)}")
    found = []
    with httpx.Client(base_url=house.url, transport=stranger, timeout=60) as guesser:
        for _try in range(12):
            headers = {"X-Forwarded-For": somewhere(), "Origin": house.url}
            found.append(guesser.post("/gift-cards/", data={
                "csrfmiddlewaretoken": token(guesser, "/gift-cards/"), "code": "GUESS"
            }, headers=headers).status_code)  # fmt: skip
    assert found[:10] == [404] * 10
    assert found[10:] == [429] * 2

    with browser(house.url) as shopper:
        answer = shopper.post(
            "/gift-cards/",
            data={"csrfmiddlewaretoken": token(shopper, "/gift-cards/"), "code": "GUESS"},
        )
    assert answer.status_code == 404


def test_23_a_hop_in_front_of_the_real_one_is_nobody(house):
    real, found = somewhere(), []
    with browser(house.url) as guesser:
        for _try in range(11):
            guesser.headers["X-Forwarded-For"] = f"{somewhere()}, {real}"
            form = {"csrfmiddlewaretoken": token(guesser, "/gift-cards/"), "code": "GUESS"}
            found.append(guesser.post("/gift-cards/", data=form).status_code)

    assert found[-1] == 429


def test_32_a_session_of_ones_own_making_is_nobodys(visitor):
    for value in ("gASVDgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOULg==", "x" * 4000, "'; select 1", "1"):
        answer = visitor.get("/account/", headers={"Cookie": f"session={value}; cart={value}"})
        assert answer.status_code == 302, value
        assert "/account/login/" in answer.headers["Location"]


def test_webhooks_20_to_22_are_in_the_file_beside(house):
    """An unsigned one here, so that this door is never forgotten."""
    assert letter(house, {"id": "evt_1"}, secret="whsec_guess").status_code == 400
    assert letter(house, {"id": "evt_1"}, at=time.time() - 3600).status_code == 400
