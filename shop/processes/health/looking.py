"""Looks at everything. What can't be looked at is broken; the rest is shown all the same."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from redis.exceptions import RedisError

from shop.backups.errors import BackupFailed
from shop.processes.health import books, certificate, keeping, queues, servers, software
from shop.processes.health.lights import Light, State

Found = Light | list[Light]


def look(*, now: dt.datetime) -> list[Light]:
    """Every light, in the order in which a person would ask."""
    asked: list[tuple[str, str | Promise, Callable[[], Found]]] = [
        ("outbox", lazy("Outbox"), partial(queues.outbox, now=now)),
        ("failed", lazy("Failed jobs"), partial(queues.failed, now=now)),
        ("queue", lazy("Queues"), partial(queues.workers, now=now)),
        ("promises", lazy("Promises"), partial(books.promises, now=now)),
        ("backups", lazy("Backups"), partial(keeping.backups, now=now)),
        ("disk", lazy("Disks"), keeping.disks),
        ("database", lazy("Database"), servers.database),
        ("archiving", lazy("Journal kept for recovery"), servers.archiving),
        ("memory", lazy("Cache and broker"), servers.memory),
        ("tables", lazy("Migrations"), servers.tables),
        ("certificate", lazy("Certificate"), partial(certificate.certificate, now=now)),
        ("holes", lazy("Known vulnerabilities"), partial(software.holes, now=now)),
        ("clock", lazy("Clock"), servers.clock),
    ]
    return [light for key, name, check in asked for light in _tried(key, name, check)]


def _tried(key: str, name: str | Promise, check: Callable[[], Found]) -> list[Light]:
    try:
        found = check()
    except (DatabaseError, RedisError, OSError, BackupFailed) as error:
        says = _("Could not be looked at (%(error)s).") % {"error": type(error).__name__}
        return [Light(key, name, State.BAD, says)]
    return found if isinstance(found, list) else [found]
