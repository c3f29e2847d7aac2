"""What staff change is on the next page that anybody asks for, whichever process answers."""

import datetime as dt
import http.client
import os
import subprocess
import sys
import time
from contextlib import closing, suppress
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog.models import Sale
from shop.processes import pricing
from tests.factories import RateFactory
from tests.factories.shelf import product_with, shelve
from tests.running.house import ROOT, free_port
from tests.staff.test_products import row_of, save
from tests.staff.test_sales import form

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
# On a machine that is busy with other tests.
START_WITHIN = 240
PAGES = ["/p/mug/", "/c/mugs/"]


class Server:
    """One process of the shop, on the tests' own database and cache."""

    def __init__(self):
        self.port = free_port()
        database = urlsplit(os.environ["DATABASE_URL"])
        named = database._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "shop.wsgi", "--bind", f"127.0.0.1:{self.port}",
             "--worker-class", "gthread", "--workers", "1", "--no-control-socket"],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": named,
                "REDIS_URL": settings.REDIS_URL,
                "DJANGO_SETTINGS_MODULE": "tests.lib.served_settings",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def page(self, address):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        # By one name: what one process keeps, the other finds.
        with closing(line):
            line.request("GET", address, headers={"Host": "testserver"})
            answer = line.getresponse()
            words = answer.read().decode()
        assert answer.status == 200, words
        return words

    def wait(self):
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            with suppress(OSError):
                return self.page("/healthz")
            time.sleep(0.2)
        raise AssertionError("the server did not start")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture
def mug(demo_market):
    RateFactory()
    made = product_with(slug="mug", title="Ash mug", price=17, units=9)
    shelve()
    return made


@pytest.fixture
def servers(mug):
    running = [Server(), Server()]
    try:
        for server in running:
            server.wait()
        yield running
    finally:
        for server in running:
            server.close()


def read(servers):
    """What both processes show, and once more, when the pages are surely kept."""
    return [server.page(one) for _time in range(2) for one in PAGES for server in servers]


def test_the_next_page_of_every_process_shows_it(owner, mug, servers):
    assert all("Ash mug" in page and "£17" in page for page in read(servers))
    row = row_of(owner, mug, "MUG")

    save(owner, mug, title="Moon mug")
    assert all("Moon mug" in page and "Ash mug" not in page for page in read(servers))

    save(owner, mug, **{f"{row}-price_uk": "23"})
    assert all("£23" in page and "£17" not in page for page in read(servers))

    save(owner, mug, **{f"{row}-on_hand": "0"})
    assert all("Sold out" in page for page in read(servers))
    save(owner, mug, **{f"{row}-on_hand": "9"})
    assert all("Sold out" not in page for page in read(servers))

    now = timezone.localtime()
    owner.post("/admin/catalog/sale/add/", sale(percent="50", begins=now, ends=now + DAY))
    assert all("£11.50" in page for page in read(servers))

    # The next one begins by the clock: nobody does anything, and a worker carries the message.
    owner.post("/admin/catalog/sale/add/", sale(percent="75", begins=now + DAY, ends=now + 2 * DAY))
    assert all("£11.50" in page for page in read(servers))
    Sale.objects.filter(percent=75).update(starts_at=now)
    pricing.apply(product_ids=None, now=timezone.now())
    assert all("£5.75" in page for page in read(servers))


def sale(*, percent, begins, ends):
    return form(
        percent=percent,
        starts_at_0=f"{begins:%Y-%m-%d}",
        starts_at_1=f"{begins:%H:%M}",
        ends_at_0=f"{ends:%Y-%m-%d}",
        ends_at_1=f"{ends:%H:%M}",
    )
