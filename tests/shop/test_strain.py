"""A database that does not keep up: shoppers are asked for patience, and the queue stays short."""

import pytest
from django.db import OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.test import RequestFactory

from shop import views
from shop.lib import strain
from shop.lib.breaker import Breaker
from shop.lib.strain import polite_when_slow


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    monkeypatch.setattr(strain, "database", Breaker(patience=3, rest=60))


class Shop:
    """A shop of one page that counts who came so far."""

    def __init__(self, answer):
        self.answer, self.came = answer, 0

    def __call__(self, _request):
        self.came += 1
        return self.answer()


def visit(shop, times, path="/"):
    ask = polite_when_slow(shop)
    return [ask(RequestFactory().get(path)).status_code for _time in range(times)]


def broken_by(error):
    """The page that stands for a page that broke."""
    try:
        raise error
    except type(error):
        return views.server_error(RequestFactory().get("/"))


def test_a_slow_database_is_a_busy_shop_and_no_broken_one():
    response = broken_by(OperationalError("canceling statement due to statement timeout"))

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "Your basket is kept" in response.content.decode()


def test_another_fault_is_no_strain():
    response = broken_by(KeyError("price"))

    assert response.status_code == 500
    assert "Retry-After" not in response


def test_after_three_in_a_row_nobody_waits_any_more():
    shop = Shop(strain.come_back)

    assert visit(shop, 6) == [503] * 6
    assert shop.came == 3


def test_faults_of_other_kinds_close_nothing():
    shop = Shop(HttpResponseServerError)

    assert visit(shop, 6) == [500] * 6
    assert shop.came == 6


def test_whoever_watches_the_process_is_always_answered():
    visit(Shop(strain.come_back), 3)

    assert visit(Shop(HttpResponse), 1, "/healthz") == [200]


def test_one_page_that_comes_through_opens_the_shop(monkeypatch):
    monkeypatch.setattr(strain, "database", Breaker(patience=3, rest=0))
    visit(Shop(strain.come_back), 3)

    shop = Shop(HttpResponse)

    assert visit(shop, 4) == [200] * 4
