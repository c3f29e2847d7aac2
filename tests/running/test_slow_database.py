"""The database does not let anybody through: shoppers are asked for patience, and kept pages stay."""

import secrets
import threading
import time
from contextlib import contextmanager

import psycopg

from tests.running.test_pressure import browser, order


@contextmanager
def locked(house, *tables):
    """Somebody holds these tables for himself."""
    with psycopg.connect(house.database_url) as line:
        line.execute(f"lock table {', '.join(tables)} in access exclusive mode")
        yield
        line.rollback()


def crowd(house, count, path):
    """As many at once as the shop has threads; their answers."""
    answers = []

    def ask():
        with browser(house.url) as shopper:
            # An address that nobody asked for before: a kept page says nothing of the database.
            answers.append(shopper.get(f"{path}?n={secrets.token_hex(8)}"))

    threads = [threading.Thread(target=ask) for _one in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_lock_nobody_gives_back_asks_shoppers_for_patience(house):
    with browser(house.url) as shopper:
        shopper.get("/")
        with locked(house, "catalog_product", "orders_cart"):
            answers = crowd(house, 16, "/p/foot-ring-mug/")
            kept = shopper.get("/")
            alive = shopper.get("/healthz")

    assert {one.status_code for one in answers} == {503}
    assert {one.headers["Retry-After"] for one in answers} == {"5"}
    assert "Your basket is kept" in answers[0].text
    assert (kept.status_code, alive.status_code) == (200, 200)
    recovers(house)


def fill(shopper):
    filled = shopper.post("/cart/lines/", data={"sku": "MW-MUG-OAT-320", "quantity": "1"})
    assert filled.status_code == 302


def recovers(house):
    """Each of its processes lets shoppers in again: a crowd is answered by all of them."""
    until = time.monotonic() + 60
    while {one.status_code for one in crowd(house, 16, "/p/foot-ring-mug/")} != {200}:
        assert time.monotonic() < until
        time.sleep(0.3)


def test_no_order_is_half_written_when_its_statement_is_cut_off(house):
    email = f"cut{time.time():.0f}@example.com"
    with browser(house.url) as shopper:
        fill(shopper)
        shopper.get("/checkout/")
        with locked(house, "outbox_message"):
            refused = order(shopper, house.url, email)
        rows = house.value("select count(*) from orders_order where email = %s", email)
        recovers(house)
        placed = order(shopper, house.url, email)

    # The checkout itself says "Many people are ordering right now"; before it, the page for it.
    assert refused.status_code in {409, 503}
    assert rows == 0
    assert placed.status_code == 302
