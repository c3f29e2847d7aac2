"""The cache, made for the day on which Valkey does not answer.

It waits briefly, and not again for a second. What is only kept to be quick raises RedisError then,
and is made anew by whoever wanted it. What guards doors goes on being counted, in this process.
When Valkey is back, nothing that was kept before counts any more: changes may have been missed.
"""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, cast

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer
from redis.retry import Retry

from shop.lib.breaker import Breaker

# The name of the state of the shop that all kept pages and parts belong to (shop.lib.page_cache).
VERSION_KEY = "pages:version"
# Tries at passwords and codes: ours, allauth's, and codes that count once.
DOORS = ("tries:", "allauth", "doors:")
MOST_COUNTS = 50_000
# Seconds; and no tries of the library's own, which sleep between.
WAITS: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 2}
# Counts, and writes down when a count begins until when it goes on. One question.
ONE_MORE = """
local count = redis.call('incr', KEYS[1])
if count == 1 then
  redis.call('expire', KEYS[1], ARGV[1])
  redis.call('set', KEYS[2], ARGV[2], 'ex', ARGV[1])
end
return count
"""
valkey = Breaker(patience=1, rest=1.0)
# One client for all threads of a process; its children make their own.
_clients: dict[tuple[str, str], "Patient"] = {}
os.register_at_fork(after_in_child=_clients.clear)


class Patient(Redis):
    """Gives up at once while Valkey was silent a moment ago. Each thread has a line of its own."""

    def __init__(self, version_key: str, **options: Any) -> None:
        super().__init__(**options)
        self.version_key = version_key
        self.has_missed = False
        self._making_up = threading.Lock()
        self._own = threading.local()

    def execute_command(self, *args: Any, **options: Any) -> Any:
        if not valkey.may_ask():
            raise NoConnection("silent a moment ago")
        try:
            answer = self._asked(args, options)
        except (NoConnection, NoAnswer):
            self.has_missed = True
            valkey.failed()
            raise
        valkey.answered()
        return answer

    def _asked(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if not self.has_missed:
            try:
                return self._said(args, options)
            except NoConnection:  # perhaps this line alone was cut while it was read from
                self.has_missed = True
        with self._making_up:
            if self.has_missed:
                self._said(("DEL", self.version_key), {})
                self.has_missed = False
        return self._said(args, options)

    def _said(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Without the library's pool, its tries and what it counts, which take as long as Valkey."""
        line = self._line()
        try:
            line.send_command(*args)  # type: ignore[no-untyped-call]
            return self.parse_response(line, args[0], **options)  # type: ignore[no-untyped-call]
        except RedisError:
            raise
        except BaseException:  # a task whose time was up: the answer is still to come
            line.disconnect()  # type: ignore[no-untyped-call]
            raise

    def _line(self) -> AbstractConnection:
        """This thread's, connected anew by what is said next if it has ended."""
        line = cast("AbstractConnection | None", getattr(self._own, "line", None))
        if line is None:
            line = cast("AbstractConnection", self.connection_pool.make_connection())
            self._own.line = line
        elif line.is_connected and _has_news(line):
            line.disconnect()  # type: ignore[no-untyped-call]
        return line


def _has_news(line: AbstractConnection) -> bool:
    """Whether it has anything to say that nobody asked for: its end, mostly."""
    try:
        return line.can_read()
    except NoConnection:
        return True


def _greet(version_key: str, line: AbstractConnection) -> None:
    """On every new line: a Valkey that was started since lost its last second, and maybe a change."""
    line.on_connect()  # type: ignore[no-untyped-call]
    run = str(_ask(line, "INFO", "server")).partition("run_id:")[2][:40]
    seen_key = f"{version_key}:run"
    seen = _ask(line, "GET", seen_key)
    if run not in str(seen):
        _ask(line, "DEL", version_key)
        _ask(line, "SET", seen_key, run)


def _ask(line: AbstractConnection, *words: str) -> Any:
    line.send_command(*words, check_health=False)  # type: ignore[no-untyped-call]
    return line.read_response()


class PatientClient(RedisCacheClient):
    def __init__(self, servers: Any, version_key: str, **options: Any) -> None:
        options = {**WAITS, "retry": Retry(NoBackoff(), 0), **options}
        super().__init__(servers, redis_connect_func=partial(_greet, version_key), **options)
        self.version_key = version_key

    def get_client(self, key: Any = None, *, write: bool = False) -> Patient:  # noqa: ARG002
        name = (self._servers[0], self.version_key)  # type: ignore[attr-defined]
        found = _clients.get(name)
        if found is None:
            pool = self._get_connection_pool(write=True)  # type: ignore[attr-defined]
            found = _clients.setdefault(name, Patient(self.version_key, connection_pool=pool))
        return found

    # What pages are kept by, without the library's way through each command's options.
    def get(self, key: Any, default: Any = None) -> Any:
        value = self.get_client().execute_command("GET", key)
        return default if value is None else self._read(value)

    def get_many(self, keys: Iterable[Any]) -> dict[Any, Any]:
        names = list(keys)
        values = self.get_client().execute_command("MGET", *names) if names else ()
        pairs = zip(names, values, strict=True)
        return {name: self._read(value) for name, value in pairs if value is not None}

    def set(self, key: Any, value: Any, timeout: Any = None) -> None:
        if timeout == 0:
            self.delete(key)
            return
        until = () if timeout is None else ("EX", timeout)
        written = self._serializer.dumps(value)  # type: ignore[attr-defined]
        self.get_client().execute_command("SET", key, written, *until)

    def _read(self, value: bytes) -> Any:
        return self._serializer.loads(value)  # type: ignore[attr-defined]


class ShopCache(RedisCache):
    """Valkey; for what guards doors, this process's own memory while it is away."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient
        self._options = {**self._options, "version_key": self.make_key(VERSION_KEY)}  # type: ignore[has-type]
        self._here = LocMemCache("doors", {"OPTIONS": {"MAX_ENTRIES": MOST_COUNTS}})

    def validate_key(self, key: str) -> None:
        """Valkey takes any; Django looks at every letter for the sake of memcached."""

    def add(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", key, args, kwargs)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", key, args, kwargs)

    def set(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", key, args, kwargs)

    def delete(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", key, args, kwargs)

    def incr(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", key, args, kwargs)

    def one_more(self, key: str, until_key: str, *, seconds: int) -> int:
        """How often this was counted, so many seconds long from the first time on.

        until_key: where the end of them lies, in seconds since 1970.
        """
        until = int(time.time()) + seconds
        try:
            names = self.make_key(key), self.make_key(until_key)
            client = cast("PatientClient", self._cache).get_client(key, write=True)
            return int(client.eval(ONE_MORE, 2, *names, seconds, until))
        except RedisError:
            return self._one_more_here(key, until_key, seconds, until)

    def _one_more_here(self, key: str, until_key: str, seconds: int, until: int) -> int:
        with suppress(ValueError):  # counted for the first time, or the last time is over
            return self._here.incr(key)
        self._here.set(key, 1, timeout=seconds)
        self._here.set(until_key, until, timeout=seconds)
        return 1

    def _ask(self, what: str, key: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return getattr(super(), what)(key, *args, **kwargs)
        except RedisError:
            if not str(key).startswith(DOORS):
                raise
            return getattr(self._here, what)(key, *args, **kwargs)
