"""Asking somebody who may never answer: a thread each, a deadline, and a break after silence."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from shipping.carriers.base import Silent

T = TypeVar("T")
QUOTE, CALL = 2.0, 10.0
# Threads that hang are not many: beyond these, nobody else is asked.
AT_ONCE = threading.BoundedSemaphore(16)
BREAK = 60
# Who fell silent in front of this process, and until when he is left alone: for when no cache answers.
_silent: dict[str, float] = {}


def begin(ask: Callable[[], T]) -> "Future[T]":
    """Ask in a thread of its own, which outlives nothing: the process may end without it."""
    answer: Future[T] = Future()
    if not AT_ONCE.acquire(blocking=False):
        answer.set_exception(Silent("too many questions are open"))
        return answer
    threading.Thread(target=_work, args=(ask, answer), daemon=True).start()
    return answer


def _work(ask: Callable[[], T], answer: "Future[T]") -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits for it
        answer.set_exception(error)
    finally:
        AT_ONCE.release()


def result(answer: "Future[T]", *, until: float) -> T:
    """The answer by a moment of time.monotonic(). Raises Silent, and what asking raised."""
    try:
        return answer.result(timeout=max(0.0, until - time.monotonic()))
    except TimeoutError as error:
        raise Silent("no answer in time") from error


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Ask, and wait no longer than that. Raises Silent, and what asking raised."""
    until = time.monotonic() + seconds
    return result(begin(ask), until=until)


def is_open(code: str) -> bool:
    """Whether a carrier fell silent a moment ago, so that nobody waits for him."""
    try:
        return bool(cache.get(_key(code)))
    except RedisError:
        return time.monotonic() < _silent.get(code, 0.0)


def fell_silent(code: str) -> None:
    _silent[code] = time.monotonic() + BREAK
    with suppress(RedisError):
        cache.set(_key(code), 1, timeout=BREAK)


def _key(code: str) -> str:
    return f"carriers:silent:{code}"
