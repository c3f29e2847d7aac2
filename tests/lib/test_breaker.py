"""What does not answer is not asked by everybody."""

from types import SimpleNamespace

import pytest

from shop.lib import breaker
from shop.lib.breaker import Breaker


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(breaker, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def silent(clock):
    """Two failures in a row, which is one too many."""
    found = Breaker(patience=2, rest=5.0)
    found.failed()
    found.failed()
    return found


def test_one_failure_of_two_changes_nothing(clock):
    fresh = Breaker(patience=2, rest=5.0)
    fresh.failed()

    assert fresh.may_ask()
    assert fresh.may_ask()


def test_an_answer_between_two_failures_is_a_new_beginning(clock):
    fresh = Breaker(patience=2, rest=5.0)
    fresh.failed()
    fresh.answered()
    fresh.failed()

    assert fresh.may_ask()


def test_nobody_asks_for_a_while(silent):
    assert not silent.may_ask()


def test_then_one_may_try_and_the_others_wait(silent, clock):
    clock.now += 5.1

    assert silent.may_ask()
    assert not silent.may_ask()


def test_a_trial_that_fails_closes_the_door_again(silent, clock):
    clock.now += 5.1
    silent.may_ask()
    silent.failed()
    clock.now += 4.9

    assert not silent.may_ask()


def test_a_trial_that_succeeds_opens_it_for_all(silent, clock):
    clock.now += 5.1
    silent.may_ask()
    silent.answered()

    assert silent.may_ask()
    assert silent.may_ask()


def test_a_failure_of_long_ago_keeps_nobody_of_a_crowd_out(silent, clock):
    clock.now += 5.0 + breaker.FORGOTTEN * 5.0 + 0.1

    assert all(silent.may_ask() for _one in range(8))


def test_one_who_tries_in_time_keeps_it_in_mind(silent, clock):
    for _trial in range(2 * breaker.FORGOTTEN):
        clock.now += 5.1
        assert silent.may_ask()

        assert not silent.may_ask()
