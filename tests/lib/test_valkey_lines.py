"""Lines to Valkey: one for each thread and process, and none that was cut is trusted."""

import multiprocessing
import threading

import pytest
from django.core.cache import cache

from shop.lib.page_cache import current_version


def line():
    return cache._cache.get_client().client_id()


def cut():
    """Somebody at Valkey ends this thread's line."""
    with cache._cache.get_client().pipeline() as from_elsewhere:
        from_elsewhere.client_kill_filter(_id=line()).execute()


def test_a_line_that_was_cut_while_it_lay_idle_costs_no_kept_page():
    cut()  # greeted anew, Valkey is known to be the one that kept them
    version, before = current_version(), line()

    cut()

    assert current_version() == version
    assert line() != before


def test_each_thread_has_a_line_of_its_own():
    lines, everybody = [], threading.Barrier(3)

    def ask():
        everybody.wait(10)
        lines.extend(line() for _time in range(5))

    threads = [threading.Thread(target=ask) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lines) == 15
    assert len(set(lines)) == 3


def test_a_process_that_is_forked_off_makes_its_own_and_leaves_ours_alone():
    before = line()
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=lambda: theirs.send(line()))

    child.start()
    child.join(10)

    assert child.exitcode == 0
    assert ours.recv() != before
    assert line() == before


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next(monkeypatch):
    cache.set("first", "one")
    cache.set("second", "two")
    client = cache._cache.get_client()

    def stopped(*_args, **_options):
        raise KeyboardInterrupt

    with monkeypatch.context() as within:
        within.setattr(client, "parse_response", stopped)
        with pytest.raises(KeyboardInterrupt):
            cache.get("first")

    assert cache.get("second") == "two"
