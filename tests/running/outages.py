"""Parts of a running shop that are taken away for a while, and what shoppers see meanwhile."""

import os
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress

import httpx

from tests.running.crash.victims import Victims
from tests.running.test_pressure import browser

SKU = "MW-MUG-OAT-320"
# Seconds a crowd's request may take before it counts as hung.
HUNG = 40


@contextmanager
def killed(house, find):
    """They are dead, and nobody starts them again until the end. find: of the victims, which."""
    victims = Victims(house)
    with frozen(victims.supervisor()):
        assert victims.kill(find(victims))
        yield


@contextmanager
def frozen(pids):
    """Processes that live, hold their connections, and do nothing."""
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


class Strollers:
    """A few shoppers who look around and fill baskets; every answer is counted by its status."""

    def __init__(self, house, *, size=3):
        self.house = house
        self.answers = Counter()
        self.bad = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._stroll, args=(one,)) for one in range(size)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self._threads:
            thread.join(HUNG * 2)

    def _stroll(self, which):
        round_ = 0
        while not self._over.is_set():
            round_ += 1
            with browser(self.house.url) as shopper:
                shopper.timeout = HUNG
                self._ask(lambda s=shopper: s.get("/"))
                self._ask(lambda s=shopper, n=round_: s.get(f"/search/?q=mug{which}{n}"))
                self._ask(lambda s=shopper: s.get("/p/foot-ring-mug/"))
                self._ask(
                    lambda s=shopper: s.post("/cart/lines/", data={"sku": SKU, "quantity": "1"})
                )
                self._ask(lambda s=shopper: s.get("/cart/"))
            time.sleep(0.05)

    def _ask(self, click):
        try:
            answer = click()
        except httpx.HTTPError as error:
            self.bad.append(repr(error))
            return
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500:
            self.bad.append(f"{answer.status_code} {answer.request.url}")
