"""A pytest plugin (`-p tests.services`): PostgreSQL and Valkey for the tests, before Django looks.

The first run in a checkout starts them, the last one stops them. Every run takes a slot of its
own and every xdist worker its own Valkey database, so that runs side by side leave each other alone.
With DATABASE_URL or REDIS_URL set, that server is used instead.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TextIO

import pytest
import redis

from shop.embedded import paths, postgres, preflight, servers, valkey
from shop.embedded.errors import CannotStart
from shop.embedded.supervisor import Supervisor

DATA_DIR = paths.PROJECT / ".data" / "test"
SLOTS = range(8)
DATABASES_PER_SLOT = 32
SLOT = "MERCER_TEST_SLOT"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Settle the environment before any plugin or conftest reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _take_part(early_config)
    _use_own_valkey_database()
    _set_variables()
    return (yield)


def _take_part(config: pytest.Config) -> None:
    missing = {"DATABASE_URL", "REDIS_URL"} - set(os.environ)
    if not missing:
        return
    try:
        preflight.usable_folder(DATA_DIR)
        with _doorway():
            slot, lock = _free_slot()
            supervisor = _start(missing)
    except CannotStart as refusal:
        raise pytest.UsageError(str(refusal)) from None
    config.add_cleanup(lambda: _leave(lock, supervisor))
    if "DATABASE_URL" in missing:
        os.environ["DATABASE_URL"] = paths.database_url(DATA_DIR, database=f"shop{slot}")
    if "REDIS_URL" in missing:
        os.environ[SLOT] = str(slot)


def _start(missing: set[str]) -> Supervisor:
    wanted = []
    if "DATABASE_URL" in missing:
        wanted.append(servers.database(DATA_DIR, careless=True))
    if "REDIS_URL" in missing:
        wanted.append(servers.cache(DATA_DIR, careless=True))
    supervisor = Supervisor(log_dir=DATA_DIR, say=lambda _text: None)
    for server in wanted:
        if not server.answers(DATA_DIR):
            server.prepare(DATA_DIR)
            supervisor.start(server.child)
            supervisor.wait(server.child.name, partial(server.answers, DATA_DIR))
    return supervisor


def _leave(lock: TextIO, _supervisor: Supervisor) -> None:
    # The supervisor is only kept until here: Python complains about forgotten processes.
    with _doorway():
        lock.close()
        if not any(_is_taken(slot) for slot in SLOTS):
            valkey.stop(DATA_DIR)
            postgres.clear_leftover(DATA_DIR)
            servers.tidy(DATA_DIR)


def _use_own_valkey_database() -> None:
    if SLOT not in os.environ:
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    place = int(worker.removeprefix("gw")) + 1 if worker else 0
    number = int(os.environ[SLOT]) * DATABASES_PER_SLOT + place % DATABASES_PER_SLOT
    os.environ["REDIS_URL"] = paths.redis_url(DATA_DIR, number=number)
    with redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()


def _set_variables() -> None:
    # All of them, whatever the developer's shell holds: a test run depends on nothing around it.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = DATA_DIR / f"files{os.environ.get(SLOT, '')}" / worker
    os.environ |= {
        "DATA_DIR": str(DATA_DIR),
        "DEMO": "0",
        "SECRET_KEY": "only-for-tests-" + "0123456789" * 5,
        "SITE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
        "STRIPE_SECRET_KEY": "sk_test_tests",
        "STRIPE_WEBHOOK_SECRET": "whsec_tests",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
    }
    for name in ("STRIPE_API_BASE", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "TIME_ZONE", "LOG_LEVEL"):
        os.environ.pop(name, None)


@contextmanager
def _doorway() -> Iterator[None]:
    """One at a time while servers start and stop."""
    with (DATA_DIR / "door.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _free_slot() -> tuple[int, TextIO]:
    for slot in SLOTS:
        lock = _slot_file(slot).open("w")
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot, lock
        lock.close()
    raise CannotStart(f"{len(SLOTS)} test runs use {DATA_DIR} already: wait for one to end.")


def _is_taken(slot: int) -> bool:
    with _slot_file(slot).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _slot_file(slot: int) -> Path:
    return DATA_DIR / f"slot{slot}.lock"
