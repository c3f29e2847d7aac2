"""A crowd at the checkout of the running shop: who waits is let in by and by, ten units go to ten."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from time import monotonic, sleep

import pytest
import redis
from django.core.cache import cache
from playwright.sync_api import expect

from shop.embedded import paths
from tests.running.test_pressure import CHECKOUT, SET_STOCK, browser, order
from tests.running.visitors import staff, token

SKU = "MW-MUG-RST-450"
PROCESSES, SHOPPERS_EACH, UNITS = 4, 30, 10
PATIENCE = 240
WAITS, DOORS = "in line for the checkout", "/dashboard/waiting-room/change/"


@pytest.fixture
def doors(house):
    """Staff who open the waiting room as they are told, and close it in the end.

    A line leaves the door shut for a moment: whoever comes next must find none.
    """
    with staff(house, "marketing") as planner:

        def open_room(per_minute):
            kept = token(planner, "/dashboard/waiting-room/")
            sent = {"csrfmiddlewaretoken": kept, "per_minute": per_minute}
            assert planner.post(DOORS, data=sent).status_code == 302

        yield open_room
        kept = token(planner, "/dashboard/waiting-room/")
        planner.post(DOORS, data={"csrfmiddlewaretoken": kept, "close": "1"})
    with redis.from_url(paths.redis_url(house.data_dir)) as valkey:
        assert valkey.delete(cache.make_key("waiting_room"))


def wait(shopper):
    """Look again as the page says until the checkout opens, or there is nothing to wait for."""
    page, until = shopper.get("/checkout/"), monotonic() + PATIENCE
    while "Retry-After" in page.headers and monotonic() < until:
        sleep(min(3, int(page.headers["Retry-After"])))
        page = shopper.get("/checkout/queue/")
        if page.status_code == 204:
            page = shopper.get("/checkout/")
    return page


def crowd(url, first):
    """Thirty shoppers in a process of their own: what came of each, in a word."""

    def shop(number):
        with browser(url) as shopper:
            shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"})
            page = wait(shopper)
            if CHECKOUT not in page.text:
                return "told" if "Sold out" in page.text else page.status_code
            return order(shopper, url, f"crowd{number}@example.com").status_code

    with ThreadPoolExecutor(SHOPPERS_EACH) as pool:
        return list(pool.map(shop, range(first, first + SHOPPERS_EACH)))


def test_a_hundred_and_twenty_wait_in_line_for_ten_units(house, doors):
    house.run(SET_STOCK.format(sku=SKU, units=UNITS))
    doors(600)

    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        starts = range(0, PROCESSES * SHOPPERS_EACH, SHOPPERS_EACH)
        urls = [house.url] * PROCESSES
        answers = Counter(word for words in pool.map(crowd, urls, starts) for word in words)

    sold = house.value("select count(*) from orders_order where email like 'crowd%%@example.com'")
    assert sold == answers[302] == UNITS
    assert answers["told"] + answers[409] == PROCESSES * SHOPPERS_EACH - UNITS
    assert answers["told"]


@pytest.mark.parametrize("js", [True, False])
def test_the_page_opens_the_checkout_by_itself(new_page, doors, js):
    doors(0)
    page = new_page(js=js, phone=True)
    page.request.post(
        "/cart/lines/",
        form={"sku": "MW-MUG-OAT-320", "quantity": "1"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    page.goto("/checkout/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(WAITS)
    expect(page.get_by_text("Nobody is let in just now.")).to_be_visible()

    doors(60_000)

    expect(page.locator("#checkout")).to_be_visible()
