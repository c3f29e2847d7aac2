"""Counting tries, so that guessing does not pay; and nobody is shut out for somebody else."""

import re
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from shop.lib import limits
from shop.lib.cache import Patient
from shop.lib.limits import HOUR, MINUTE, Limit, LimitsMiddleware, Rate, TooOften

GUESS = Limit("guess", here=Rate(2, MINUTE), there=Rate(3, HOUR))


def ask(*, limit=GUESS, target="", act=limits.check, **meta):
    """Seconds to wait; 0 when the try counts."""
    try:
        act(RequestFactory().get("/", **meta), limit, target=target)
    except TooOften as refusal:
        return refusal.retry_after
    return 0


def test_the_third_try_in_a_window_is_too_many():
    assert [ask() > 0 for _try in range(3)] == [False, False, True]


def test_another_address_has_its_own_count():
    ask(), ask()

    assert ask(REMOTE_ADDR="192.0.2.7") == 0


def test_an_account_is_counted_wherever_the_tries_come_from():
    waits = [ask(target="ada@example.com", REMOTE_ADDR=f"192.0.2.{number}") for number in range(4)]

    assert waits[:3] == [0, 0, 0]
    assert waits[3] > MINUTE


def test_an_account_is_the_same_however_it_is_typed():
    for number, text in enumerate(["ada@example.com", "ADA@example.com", " Ada@Example.com "]):
        ask(target=text, REMOTE_ADDR=f"192.0.2.{number}")

    assert ask(target="ada@example.com", REMOTE_ADDR="192.0.2.9") > 0


def test_an_ipv6_household_has_one_count():
    ask(REMOTE_ADDR="2001:db8:1:2::1"), ask(REMOTE_ADDR="2001:db8:1:2:ffff::9")

    assert ask(REMOTE_ADDR="2001:db8:1:2:3:4:5:6") > 0
    assert ask(REMOTE_ADDR="2001:db8:1:3::1") == 0


def test_the_wait_is_what_is_left_of_the_window():
    with time_machine.travel("2026-05-04 10:00:00+00:00", tick=False) as clock:
        ask(), ask()
        clock.shift(45)

        assert ask() == 15


def test_a_try_is_one_question(monkeypatch):
    asked, ask_it = [], Patient.execute_command

    def noted(self, *words, **options):
        asked.append(words[0])
        return ask_it(self, *words, **options)

    monkeypatch.setattr(Patient, "execute_command", noted)

    assert ask() == ask() == 0
    assert asked == ["EVAL", "EVAL"]


def test_counts_last_no_longer_than_their_window():
    ask(), ask()
    valkey = cache._cache.get_client(write=True)

    ends = [valkey.ttl(key) for key in valkey.scan_iter("*tries:guess:*")]

    assert len(ends) == 2
    assert all(0 < seconds <= MINUTE for seconds in ends)


def test_looking_counts_nothing():
    assert [ask(act=limits.look) for _try in range(5)] == [0] * 5

    ask(), ask()

    assert ask(act=limits.look) > 0


def test_no_address_lies_in_the_counters(monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "one_more", lambda key, *_rest, **_more: kept.append(key) or 1)

    ask(target="ada@example.com", REMOTE_ADDR="192.0.2.7")

    assert len(kept) == 2
    assert not any("ada" in key or "192.0.2" in key for key in kept)


def test_a_limit_that_is_reached_is_logged_without_who_it_was(caplog):
    for _try in range(3):
        ask(target="ada@example.com", REMOTE_ADDR="192.0.2.7")

    assert [(one.getMessage(), one.topic) for one in caplog.records] == [("limit reached", "guess")]
    assert "192.0.2.7" not in caplog.text


@pytest.mark.parametrize(
    ("seconds", "words"), [(15, "wait a minute"), (61, "wait 2 minutes"), (3600, "60 minutes")]
)
def test_the_words_say_how_long(seconds, words):
    assert words in TooOften(seconds).message


def test_every_429_says_when_to_come_back():
    def view(_request):
        return HttpResponse(status=429)

    assert LimitsMiddleware(view)(RequestFactory().get("/"))["Retry-After"] == "60"


@pytest.mark.django_db
def test_the_page_for_it_says_so_and_when(client, demo_market):
    for _search in range(limits.SEARCH.here.tries):
        ask(limit=limits.SEARCH)

    answer = client.get(reverse("catalog:search"), {"q": "mug"})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= MINUTE
    assert answer["Cache-Control"] == "no-store, private"
    assert "Please wait a little" in answer.content.decode()


@pytest.mark.django_db
def test_a_page_that_was_kept_needs_no_try(client, demo_market):
    address = reverse("catalog:search")
    client.get(address, {"q": "mug"})
    for _search in range(limits.SEARCH.here.tries):
        ask(limit=limits.SEARCH)

    assert client.get(address, {"q": "mug"}).status_code == 200


def test_nobody_counts_tries_elsewhere():
    """The table is the one place: no view has figures of its own."""
    root = Path(limits.__file__).parents[2]
    own = re.compile(r"cache\.(add|incr)\(f?\"tries")
    apps = ("accounts", "catalog", "orders", "payments", "marketing", "support", "shop/api")

    found = [
        str(path.relative_to(root))
        for app in apps
        for path in (root / app).rglob("*.py")
        if own.search(path.read_text())
    ]

    assert not found
