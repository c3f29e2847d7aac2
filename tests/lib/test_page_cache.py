"""Kept pages: the same answer as a fresh one, to the right asker, and nothing from before a change."""

import datetime as dt
import gzip
import threading
import time

import brotli
import pytest
from django.core.cache import cache
from django.dispatch import Signal
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from redis.exceptions import ConnectionError as NoConnection

from shop.lib import in_turn, page_cache
from shop.lib.cache import VERSION_KEY
from shop.lib.page_cache import (
    pages_hold_until,
    public_page,
    serve_whole_pages,
    throw_away_pages,
)

ask = RequestFactory()


class Shop:
    """A view behind the kept pages; it says how often it was asked."""

    def __init__(self, *, during=None, cookie=False, status=200):
        self.times, self.during, self.cookie, self.status = 0, during, cookie, status
        self.serve = serve_whole_pages(public_page(self._view))

    def _view(self, request):
        self.times += 1
        if self.during:
            self.during()
        words = f"{request.get_full_path()} {self.times} " + "mug " * 100
        response = HttpResponse(words, status=self.status, headers={"X-Own": "kept"})
        if self.cookie:
            response.set_cookie("who", "me")
        return response

    def get(self, address="/", **meta):
        return self.serve(ask.get(address, **meta))


def plain(response):
    ways = {"br": brotli.decompress, "gzip": gzip.decompress}
    return ways.get(response.get("Content-Encoding"), bytes)(response.content)


@pytest.mark.parametrize("accepts", ["br, gzip", "gzip", "identity", "br;q=0, gzip", ""])
def test_what_is_kept_leaves_as_it_left_the_first_time(accepts):
    shop = Shop()

    fresh, kept = (shop.get("/c/mugs/", HTTP_ACCEPT_ENCODING=accepts) for _time in range(2))

    assert shop.times == 1
    assert (kept.content, dict(kept.items())) == (fresh.content, dict(fresh.items()))
    assert kept["Content-Length"] == str(len(kept.content))
    assert plain(kept).startswith(b"/c/mugs/ 1 mug")


def test_a_browser_gets_the_smallest_form_it_takes():
    shop = Shop()

    forms = [
        shop.get(HTTP_ACCEPT_ENCODING=one).get("Content-Encoding")
        for one in ("gzip, deflate, br", "gzip", "deflate")
    ]

    assert forms == ["br", "gzip", None]


def test_who_has_the_page_gets_its_headers_alone():
    shop = Shop()
    tag = shop.get()["ETag"]

    known = shop.get(HTTP_IF_NONE_MATCH=tag)

    assert (known.status_code, known.content, known["ETag"]) == (304, b"", tag)
    assert known["X-Own"] == "kept"


@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_HOST": "127.0.0.1"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_HX_REQUEST": "true"},
        {"address": "/?page=2"},
        {"address": "/|"},
    ],
)
def test_another_question_is_another_page(other):
    shop = Shop()
    shop.get()

    shop.get(**other)

    assert shop.times == 2


def test_addresses_that_somebody_makes_up_share_a_few_places(monkeypatch):
    monkeypatch.setattr(page_cache, "PLACES_WITH_QUERY", 3)
    shop = Shop()

    answers = {number: plain(shop.get(f"/?q={number}")) for number in range(20)}

    assert all(words.startswith(f"/?q={one} ".encode()) for one, words in answers.items())
    client = cache._cache.get_client()
    assert 0 < len(client.keys("*page:q:*")) <= 3


def test_a_change_is_seen_by_the_next_to_ask():
    shop = Shop()
    shop.get()

    throw_away_pages()

    assert plain(shop.get()).startswith(b"/ 2 ")


def test_a_page_that_was_being_made_during_a_change_is_of_the_past():
    shop = Shop(during=throw_away_pages)
    shop.get()
    shop.during = None

    assert plain(shop.get()).startswith(b"/ 2 ")


@pytest.mark.parametrize("odd", [{"cookie": True}, {"status": 404}])
def test_what_is_somebodys_own_or_no_page_is_not_kept(odd):
    shop = Shop(**odd)

    for _time in range(2):
        answer = shop.get()

    assert shop.times == 2
    assert "public" not in answer.get("Cache-Control", "")


def test_pages_are_made_while_there_is_no_cache(monkeypatch):
    shop = Shop()
    shop.get()

    def gone(*_args, **_kwargs):
        raise NoConnection

    monkeypatch.setattr("shop.lib.cache.Patient.execute_command", gone)
    throw_away_pages()

    assert plain(shop.get(HTTP_ACCEPT_ENCODING="br")).startswith(b"/ 2 ")


def test_a_valkey_that_was_started_anew_keeps_nothing_from_before():
    shop = Shop()
    shop.get()
    cache.set(f"{VERSION_KEY}:run", "another run of the server")

    client = cache._cache.get_client()
    with client.pipeline() as from_elsewhere:
        from_elsewhere.client_kill_filter(_id=client.client_id()).execute()

    assert plain(shop.get()).startswith(b"/ 2 ")


def test_a_change_that_valkey_did_not_take_counts_before_anything_is_read_again(monkeypatch):
    shop = Shop()
    shop.get()
    client = cache._cache.get_client()
    before = client.get(cache.make_key(VERSION_KEY))

    client.has_missed = True

    assert plain(shop.get()).startswith(b"/ 2 ")
    assert client.get(cache.make_key(VERSION_KEY)) != before
    assert not client.has_missed


def all_at_once(shop, address, shoppers=6):
    """What each of them is shown."""
    everybody = threading.Barrier(shoppers)

    def look():
        everybody.wait(10)
        found.append(plain(shop.get(address)))

    found = []
    threads = [threading.Thread(target=look) for _shopper in range(shoppers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_after_a_change_one_makes_the_page_and_the_others_wait_for_it():
    shop = Shop(during=lambda: time.sleep(0.05))
    all_at_once(shop, "/hot/")  # and each thread has its line to Valkey
    times = shop.times
    throw_away_pages()

    found = all_at_once(shop, "/hot/")

    assert shop.times == times + 1
    assert len(set(found)) == 1


def test_nobody_waits_for_one_who_hangs(monkeypatch):
    monkeypatch.setattr(in_turn, "SECONDS", 0.05)
    shop, inside, over = Shop(), threading.Event(), threading.Event()
    shop.get("/hot/")
    throw_away_pages()

    def hang():
        inside.set()
        over.wait(10)

    shop.during = hang
    first = threading.Thread(target=shop.get, args=("/hot/",))
    first.start()
    inside.wait(10)
    shop.during = None

    assert plain(shop.get("/hot/")).startswith(b"/hot/ 3 ")
    over.set()
    first.join()


def test_those_who_ask_for_pages_of_their_own_never_wait_for_each_other():
    shop, together = Shop(cookie=True), threading.Barrier(2)
    shop.get("/own/")
    throw_away_pages()
    shop.during = lambda: together.wait(10)
    all_at_once(shop, "/own/", shoppers=2)

    assert not together.broken
    assert shop.times == 3


@pytest.fixture
def passed(monkeypatch):
    """A moment that has just passed; who hears of it."""
    signal = Signal()
    monkeypatch.setattr(page_cache, "moment_passed", signal)
    pages_hold_until(timezone.now())
    return signal


def test_what_was_kept_before_a_moment_is_void_after_it():
    shop = Shop()
    shop.get()
    pages_hold_until(timezone.now() + dt.timedelta(hours=1))
    shop.get()
    assert shop.times == 1

    pages_hold_until(timezone.now())

    assert [shop.get().status_code for _time in range(2)] == [200, 200]
    assert shop.times == 2


def test_the_first_who_comes_after_a_moment_does_what_it_asks_for_and_others_keep_nothing(passed):
    shop, done = Shop(), []

    def act(**_about):
        done.append(plain(shop.get("/meanwhile/")))

    passed.connect(act)
    shop.get()
    shop.get()

    assert len(done) == 1
    assert shop.times == 2
    shop.get("/meanwhile/")
    assert shop.times == 3


def test_pages_are_made_though_what_the_moment_asked_for_went_wrong(passed):
    def act(**_about):
        raise RuntimeError

    passed.connect(act)
    shop = Shop()

    assert [shop.get().status_code for _time in range(2)] == [200, 200]
    assert shop.times == 1
