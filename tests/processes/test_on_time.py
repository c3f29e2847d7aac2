"""What the clock changes is on the next page, though no worker has been there."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from shop.lib.page_cache import UNTIL_KEY, pages_hold_until
from shop.processes import moments, pricing
from tests.factories.catalog import CategoryFactory
from tests.factories.pricing import DAY, HOUR, SaleFactory, give_past
from tests.factories.shelf import product_with, shelve

SECOND = dt.timedelta(seconds=1)
PAGES = ("/p/mug/", "/c/mugs/")


@pytest.fixture
def mug(db):
    made = product_with(slug="mug", price="20.00", category=CategoryFactory(slug="mugs"))
    give_past(made.variants.get().prices.get(), (90, 20))
    shelve()
    return made


@pytest.mark.django_db(transaction=True)
def test_a_sale_begins_and_ends_on_the_next_page(client, mug, time_machine):
    now = timezone.now()
    sale = SaleFactory(starts_at=now + HOUR, ends_at=now + DAY, percent=10)
    pricing.sale_saved(sale=sale, now=now)
    seen = []

    for at in (now, sale.starts_at + SECOND, sale.ends_at + SECOND):
        time_machine.move_to(at, tick=False)
        seen.append(["£18" in client.get(page).content.decode() for page in PAGES])

    assert seen == [[False, False], [True, True], [False, False]]


@pytest.mark.django_db(transaction=True)
def test_goods_are_on_their_list_from_their_first_second(client, mug, time_machine):
    now = timezone.now()
    type(mug).objects.update(published_at=now + HOUR)
    shelve()
    moments.announce(now=now)
    assert b"/p/mug/" not in client.get("/c/mugs/").content

    time_machine.move_to(now + HOUR + SECOND, tick=False)

    assert b"/p/mug/" in client.get("/c/mugs/").content


def test_the_next_moment_is_the_first_to_come(mug):
    now = timezone.now()
    SaleFactory(starts_at=now - DAY, ends_at=now + DAY)
    SaleFactory(starts_at=now + HOUR)
    SaleFactory(starts_at=now + SECOND, is_active=False)

    moments.announce(now=now)

    assert cache.get(UNTIL_KEY) == (now + HOUR).timestamp()


def test_pages_that_no_clock_changes_hold(mug):
    pages_hold_until(timezone.now() + DAY)

    moments.announce(now=timezone.now())

    assert cache.get(UNTIL_KEY) is None


def test_a_moment_waits_for_whoever_comes_first(client, mug):
    passed = timezone.now() - SECOND
    pages_hold_until(passed)

    moments.announce(now=timezone.now())
    waiting = cache.get(UNTIL_KEY)
    client.get("/p/mug/")

    assert (waiting, cache.get(UNTIL_KEY)) == (passed.timestamp(), None)
