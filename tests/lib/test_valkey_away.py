"""What the cache does while Valkey is away: it costs nobody time, and doors stay guarded."""

import socket
import threading

import pytest
from redis.exceptions import RedisError

from shop.lib import cache as shop_cache
from shop.lib import limits
from shop.lib.breaker import Breaker
from shop.lib.cache import ShopCache
from tests.lib.test_limits import ask

OPTIONS = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}


@pytest.fixture(autouse=True)
def own_breaker(monkeypatch):
    breaker = Breaker(patience=1, rest=60)
    monkeypatch.setattr(shop_cache, "valkey", breaker)
    return breaker


@pytest.fixture
def nowhere():
    return ShopCache("unix:///nowhere/valkey.sock", {"OPTIONS": OPTIONS})


@pytest.fixture
def silent():
    """A server that lets everybody in and never says a word: (its cache, who came)."""
    came = []

    def let_in(door):
        while True:
            try:
                came.append(door.accept()[0])
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=let_in, args=(door,), daemon=True).start()
        yield ShopCache(f"redis://127.0.0.1:{door.getsockname()[1]}", {"OPTIONS": OPTIONS}), came


def test_what_is_only_kept_to_be_quick_says_that_it_is_not_there(nowhere):
    with pytest.raises(RedisError):
        nowhere.get("page:1")
    with pytest.raises(RedisError):
        nowhere.set("page:1", "old")


def test_tries_are_counted_all_the_same(nowhere, monkeypatch):
    monkeypatch.setattr(limits, "cache", nowhere)

    assert ask() == ask() == 0
    assert ask() > 0
    assert ask(act=limits.look) > 0


def test_a_code_counts_once_all_the_same(nowhere):
    assert nowhere.add("doors:code:7:123456", 1, timeout=30)
    assert not nowhere.add("doors:code:7:123456", 1, timeout=30)


def test_a_server_that_hangs_is_not_asked_by_everybody(silent):
    cache, came = silent

    for _time in range(5):
        with pytest.raises(RedisError):
            cache.get("page:1")

    assert len(came) == 1
