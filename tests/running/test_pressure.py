"""Two hundred shoppers, fifty units, and a worker that is shot: the running shop keeps its books."""

import os
import re
import signal
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from threading import Barrier

import httpx

from tests.running.house import somewhere

SKU = "MW-MUG-INK-450"
PROCESSES, SHOPPERS_EACH = 5, 40
CHECKOUT, SOLD_OUT = 'id="checkout"', "<h1>Sold out</h1>"
SET_STOCK = """
from django.utils import timezone
from catalog.models import Variant
from inventory.models import StockItem, StockMovement
from inventory.services import stock
from shop.processes import stocktaking
item = StockItem.objects.get(variant__sku="{sku}")
stocktaking.correct(variant_id=item.variant_id, on_hand=item.allocated + item.safety + {units},
    why=stock.Why(StockMovement.Kind.COUNT, timezone.now(), reason="count"))
"""


def browser(url):
    # A connection per request: one kept over a pause may have been closed by the server meanwhile.
    return httpx.Client(
        base_url=url,
        timeout=300,  # a machine busy with other tests is slow, not wrong
        headers={
            "Sec-Fetch-Site": "same-origin",
            "Origin": url,
            "X-Forwarded-For": somewhere(),
        },
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def knock(shopper):
    """The page at the door. Whose turn it is meanwhile is led to the same address with a pass."""
    page = shopper.get("/checkout/")
    return shopper.get("/checkout/") if page.headers.get("Location") == "/checkout/" else page


def order(shopper, url, email, payment="bank_transfer"):
    """Submit the checkout of a filled basket, waiting in line if told so; the answer of the shop.

    Where no form is shown, that is the page: of a basket that sold out while its shopper waited.
    """
    page = knock(shopper)
    while page.status_code == 200 and "Retry-After" in page.headers:
        time.sleep(int(page.headers["Retry-After"]))
        page = knock(shopper)
    if CHECKOUT not in page.text:
        return page
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page.text))
    return shopper.post(
        "/checkout/",
        data={
            **fields,
            "email": email,
            "name": "Ada Byron",
            "line1": "12 Analytical Row",
            "city": "London",
            "postcode": "N1 9GU",
            "country": "GB",
            "shipping_method": "royal-mail-48",
            "payment_method": payment,
        },
    )


def crowd(url, first):
    """Forty shoppers in a process of their own, all pressing the button at one moment."""
    barrier = Barrier(SHOPPERS_EACH)

    def shop(number):
        with browser(url) as shopper:
            shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"})
            barrier.wait(timeout=300)
            answer = order(shopper, url, f"racer{number}@example.com")
            is_told = answer.status_code == 200 and SOLD_OUT in answer.text
            return "told in line" if is_told else answer.status_code

    with ThreadPoolExecutor(SHOPPERS_EACH) as pool:
        return list(pool.map(shop, range(first, first + SHOPPERS_EACH)))


def test_two_hundred_shoppers_race_for_fifty_units(house):
    house.run(SET_STOCK.format(sku=SKU, units=50))

    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        starts = range(0, PROCESSES * SHOPPERS_EACH, SHOPPERS_EACH)
        answers = Counter(
            code for codes in pool.map(crowd, [house.url] * PROCESSES, starts) for code in codes
        )

    sold = house.value("select count(*) from orders_order where email like 'racer%%@example.com'")
    assert sold == 50
    # Some at the button, some in the line that forms when so many come at once.
    refused = answers[409] + answers["told in line"]
    assert (answers[302], refused) == (50, PROCESSES * SHOPPERS_EACH - 50), answers
    code, findings = house.reconcile()
    assert code == 0, findings


def test_the_same_checkout_sent_six_times_gives_one_order(house):
    with browser(house.url) as shopper:
        shopper.post("/cart/lines/", data={"sku": "MW-MUG-OAT-320", "quantity": "1"})
        cookies = dict(shopper.cookies)

    def click(_time):
        with browser(house.url) as again:
            again.cookies.update(cookies)
            return order(again, house.url, "twice@example.com").status_code

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(click, range(6)))

    assert house.value("select count(*) from orders_order where email = 'twice@example.com'") == 1
    assert answers == {302}


def test_shooting_the_worker_loses_no_mail_and_doubles_none(house):
    senders = 12

    def buy(number):
        with browser(house.url) as shopper:
            shopper.post("/cart/lines/", data={"sku": "MW-MUG-MOS-320", "quantity": "1"})
            return order(shopper, house.url, f"mailed{number}@example.com").status_code

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(buy, range(senders))
        for _shot in range(3):
            time.sleep(0.7)
            for process in house.workers():
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        assert set(answers) == {302}

    house.until(
        "select count(*) from outbox_mail where \"to\" like 'mailed%%@example.com'",
        senders,
        seconds=120,
    )
    doubles = house.rows(
        'select "to", kind from outbox_mail where "to" like \'mailed%%@example.com\''
        " group by 1, 2, reference having count(*) > 1"
    )
    assert not doubles
    assert not house.value("select count(*) from outbox_message where failed_at is not null")
