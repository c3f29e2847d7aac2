"""Shoppers who buy by HTTP, and click again when the shop does not answer."""

import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import httpx

from tests.running.test_pressure import browser, order

SKU = "MW-MUG-ASH-320"
GIVES_UP_AFTER = 60
PAGE = re.compile(r"/pay/(\w+)")
_numbers = count(1)
START = f"{time.time():.0f}"


class GaveUp(AssertionError):
    """Raised when the shop did not answer a shopper in a minute."""


def address():
    return f"crash{START}.{next(_numbers)}@example.com"


def again(click, is_good, *, until=None):
    """Click until the answer is good; the answer, and how many clicks failed before."""
    end = time.monotonic() + GIVES_UP_AFTER
    failed = 0
    while True:
        with suppress(httpx.HTTPError):
            answer = click()
            if is_good(answer):
                return answer, failed
        failed += 1
        if time.monotonic() > end or (until and until()):
            raise GaveUp
        time.sleep(0.3)


@dataclass
class Purchase:
    """One basket on its way through the shop. session: the provider's page, once it is known."""

    house: object
    provider: object
    email: str = field(default_factory=address)
    session: str = ""
    link: str = ""
    clicks_failed: int = 0

    def __post_init__(self):
        self.shopper = browser(self.house.url)

    def fill(self):
        self._again(
            lambda: self.shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"}),
            lambda answer: answer.status_code < 400 and "cart" in self.shopper.cookies,
        )
        return self

    def click_order(self):
        """Submit the checkout once; whatever happens."""
        return order(self.shopper, self.house.url, self.email, payment="card")

    def place(self):
        """Submit the checkout until it leads to the provider's page."""
        answer = self._again(self.click_order, lambda answer: answer.status_code == 302)
        if not PAGE.search(answer.headers["Location"]):
            # The provider was not reached, the order is there: "Pay now" on its page.
            link = urlsplit(answer.headers["Location"])
            pay_now = f"{link.path.removesuffix('back/')}?{link.query}"
            answer = self._again(
                lambda: self.shopper.post(pay_now),
                lambda answer: PAGE.search(answer.headers.get("Location", "")),
            )
        self.session = PAGE.search(answer.headers["Location"])[1]
        return self

    def pay(self, *, card="pm_card_visa"):
        self.link = self.provider.pay(self.session, card=card)
        return self

    def come_back(self):
        """Open the page the provider leads back to, until the shop answers."""
        parts = urlsplit(self.link)
        path = f"{parts.path}?{parts.query}"
        self._again(lambda: self.shopper.get(path), lambda answer: answer.status_code < 400)
        return self

    def come_back_once(self):
        parts = urlsplit(self.link)
        return self.shopper.get(f"{parts.path}?{parts.query}")

    @property
    def number(self):
        query = "select number from orders_order where email = %s"
        rows = self.house.rows(query, self.email)
        assert len(rows) == 1, f"{len(rows)} orders of {self.email}"
        return rows[0][0]

    def _again(self, click, is_good):
        answer, failed = again(click, is_good)
        self.clicks_failed += failed
        return answer


class Crowd:
    """A few shoppers who buy one basket after the other until they are told to stop."""

    def __init__(self, house, provider, *, size=3):
        self.house, self.provider = house, provider
        self.purchases, self.problems = [], []
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._shop, daemon=True) for _ in range(size)]

    def open(self):
        for thread in self._threads:
            thread.start()

    def close(self):
        self._closing.set()
        for thread in self._threads:
            thread.join(GIVES_UP_AFTER + 30)

    @property
    def clicks_failed(self):
        return sum(one.clicks_failed for one in self.purchases)

    def _shop(self):
        while not self._closing.is_set():
            try:
                one = Purchase(self.house, self.provider).fill().place()
                self.purchases.append(one)
                one.pay().come_back()
            except (AssertionError, httpx.HTTPError) as error:
                self.problems.append(repr(error))
