"""Valkey dies for a while under load: the shop is a little slower, sells, and forgets nothing.

`VALKEY_GONE_SECONDS=60` makes the outage as long as that; without it, it is as short as it can be.
"""

import os
import re
import time

import pytest

from tests.running.crash.victims import Victims
from tests.running.outages import Strollers, frozen, killed
from tests.running.test_pressure import browser, order
from tests.running.visitors import MEMBER, PASSWORD, add, send, staff

SECONDS = float(os.environ.get("VALKEY_GONE_SECONDS", "6"))
SKU = "MW-MUG-OAT-320"
MAILS = (
    "select count(*) from outbox_mail where \"to\" like %s and kind = 'orders/order_confirmation'"
)
RENAME = """
from django.db import transaction
from catalog.models import Product
from shop.lib.page_cache import throw_away_pages
with transaction.atomic():
    product = Product.objects.get(slug="foot-ring-mug")
    product.title = "{title}"
    product.save()
    transaction.on_commit(throw_away_pages)
"""


@pytest.fixture
def renamed(house):
    """Give the mug another name; its old one comes back after the test."""
    before = house.value("select title from catalog_product where slug = 'foot-ring-mug'")

    def rename(title):
        house.run(RENAME.format(title=title))

    yield rename
    rename(before)


def buy(house, email):
    with browser(house.url) as shopper:
        assert shopper.post("/cart/lines/", data={"sku": SKU, "quantity": "1"}).status_code == 302
        answer = order(shopper, house.url, email)
        assert answer.status_code == 302, answer.text[:1500]
        assert shopper.get(answer.headers["Location"]).status_code == 200


def mug(house):
    with browser(house.url) as shopper:
        return re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", shopper.get("/p/foot-ring-mug/").text)[1]


def test_the_shop_goes_on_without_it_and_catches_up(house, renamed):
    """The order of the day: buy, lose Valkey, buy, change, sign in, get it back, buy."""
    who = f"gone{time.time():.0f}"
    before = house.value(MAILS, f"{who}%")
    buy(house, f"{who}.before@example.com")

    with Strollers(house) as strollers:
        with killed(house, Victims.broker):
            until = time.monotonic() + SECONDS
            buy(house, f"{who}.meanwhile@example.com")
            renamed("Mug without memory")
            assert mug(house) == "Mug without memory"
            signs_in(house)
            sees_the_back_office(house)
            time.sleep(max(0.0, until - time.monotonic()))
        back_again(house)
        seen = {mug(house) for _time in range(6)}
        buy(house, f"{who}.after@example.com")

    assert seen == {"Mug without memory"}
    assert strollers.bad == []
    assert strollers.answers[200]
    house.until(MAILS, before + 3, f"{who}%", seconds=150)
    assert not house.value("select count(*) from outbox_message where failed_at is not null")
    code, findings = house.reconcile()
    assert code == 0, findings


def signs_in(house):
    with browser(house.url) as member:
        answer = send(member, "/account/login/", login=MEMBER, password=PASSWORD)
        assert answer.status_code == 302, answer.text[:1500]
        assert member.get("/account/").status_code == 200
        assert send(member, "/account/logout/").status_code == 302
        assert member.get("/account/").status_code == 302


def sees_the_back_office(house):
    with staff(house, "manager") as manager:
        assert manager.get("/admin/").status_code == 200
        assert manager.get("/dashboard/health/").status_code == 200


def back_again(house):
    """Wait until it answers; the shop itself has been open all the time."""
    until = time.monotonic() + 60
    with browser(house.url) as visitor:
        while visitor.get("/readyz").json()["checks"]["cache"] != "ok":
            assert time.monotonic() < until
            time.sleep(0.2)


def test_one_that_hangs_holds_nobody(house):
    """Worse than dead: it takes every connection and never answers."""
    with Strollers(house) as strollers, frozen(Victims(house).broker()):
        with browser(house.url) as shopper:
            assert add(shopper).status_code == 302
            assert shopper.get("/cart/").status_code == 200
        buy(house, f"hung{time.time():.0f}@example.com")

    assert strollers.bad == []


def test_a_session_that_ended_meanwhile_does_not_come_back(house):
    with browser(house.url) as member:
        send(member, "/account/login/", login=MEMBER, password=PASSWORD)
        key = member.cookies["session"]
        with killed(house, Victims.broker):
            send(member, "/account/logout/")
        back_again(house)
        member.cookies.set("session", key)

        assert member.get("/account/").status_code == 302
