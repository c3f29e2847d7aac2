import pytest
from django.core.cache import cache
from django.test import RequestFactory

from shop.lib.ratelimit import too_often

requests = RequestFactory()


def ask(**meta):
    return too_often(requests.get("/", **meta), "guess", limit=2, seconds=60)


def test_the_third_try_in_a_window_is_too_many():
    assert [ask(), ask(), ask()] == [False, False, True]


def test_another_address_has_its_own_count():
    ask(), ask()

    assert not ask(REMOTE_ADDR="192.0.2.7")


def test_a_made_up_hop_does_not_win_fresh_tries(settings):
    settings.BEHIND_PROXY = True

    answers = [ask(HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 192.0.2.7") for n in range(3)]

    assert answers == [False, False, True]


def test_shoppers_behind_the_proxy_are_told_apart(settings):
    settings.BEHIND_PROXY = True

    assert not any(ask(HTTP_X_FORWARDED_FOR=f"192.0.2.{n}") for n in range(5))


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
