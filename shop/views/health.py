"""For whoever watches the shop. Says what is wrong in one word, never what is installed.

What the shop can sell without is told and closes nothing: a proxy that takes a shop out of service
because its cache is away, or its worker, would make a small failure a big one.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from redis.exceptions import RedisError

from catalog.models import Card
from shop.lib.http import only_reads
from shop.outbox.models import Message

logger = logging.getLogger(__name__)
LONGEST_WAIT = dt.timedelta(minutes=2)
SELLS_WITHOUT = frozenset({"cache", "outbox"})


@dataclass
class _Seen:
    """Tables only ever grow up while a process lives, so one look is enough."""

    tables_are_current: bool = False


_seen = _Seen()


@only_reads
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@only_reads
def readyz(_request: HttpRequest) -> HttpResponse:
    """The shop can sell: 200 with every check that it takes "ok", else 503."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "cache": _cache,
        "tables": _tables,
        "goods": _goods,
        "outbox": _outbox,
    }
    found = {name: "ok" if _passes(name, check) else "failed" for name, check in checks.items()}
    is_ready = all(says == "ok" for name, says in found.items() if name not in SELLS_WITHOUT)
    return JsonResponse({"ready": is_ready, "checks": found}, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError):
        logger.warning("not ready", extra={"topic": name})
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))


def _cache() -> bool:
    cache.set("readyz", 1, timeout=5)
    return bool(cache.get("readyz") == 1)


def _tables() -> bool:
    if not _seen.tables_are_current:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        _seen.tables_are_current = not plan
    return _seen.tables_are_current


def _goods() -> bool:
    return Card.objects.filter(in_stock=True).exists()


def _outbox() -> bool:
    """Messages are tried again later and later; what counts is how long the first try is late."""
    late = Message.objects.due(now=timezone.now() - LONGEST_WAIT)
    return not late.filter(tries=0).exists()
