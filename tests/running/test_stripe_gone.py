"""Stripe takes every call and answers none: orders are kept, and the rest of the shop is served."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.running.crash.victims import Victims
from tests.running.outages import Strollers, frozen
from tests.running.test_pressure import browser, order

SKU = "MW-MUG-OAT-320"
PAID_BY = "select payment_status from orders_order where email = %s"


def basket(house):
    shopper = browser(house.url)
    assert shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"}).status_code == 302
    return shopper


def test_eight_who_pay_by_card_keep_nobody_from_shopping(house):
    began = f"{time.time():.0f}"
    with frozen(Victims(house).provider()), Strollers(house, size=2) as strollers:
        placed = crowd_pays(house, began)
        pages = [shopper.get(answer.headers["Location"]) for shopper, answer in placed]
        transfer = order(basket(house), house.url, f"transfer{began}@example.com")

    assert [answer.status_code for _shopper, answer in placed] == [302] * 8
    assert [page.status_code for page in pages] == [202] * 8
    assert all("is safe with us" in page.text for page in pages)
    assert transfer.status_code == 302
    assert strollers.bad == []
    can_be_paid_now(house, placed[0])


def crowd_pays(house, began):
    """Eight press the button at one moment, which is every thread of the shop."""

    def pay(number):
        shopper = basket(house)
        email = f"silent{began}.{number}@example.com"
        return shopper, order(shopper, house.url, email, payment="card")

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(pay, range(8)))


def can_be_paid_now(house, purchase):
    """It answers again: the page that waits leads on to the provider's."""
    shopper, answer = purchase
    until = time.monotonic() + 60
    while "/pay/" not in shopper.get(answer.headers["Location"]).headers.get("Location", ""):
        assert time.monotonic() < until
        time.sleep(0.5)
