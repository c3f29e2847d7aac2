"""PostgreSQL and Valkey, their clocks, and whether the tables are those this release wants."""

import datetime as dt
import time
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.processes.health.lights import Light, State, above, worst

PER_CENT = 100
# Seconds a transaction is open; beyond a quarter of an hour it keeps rows from being cleared up.
LONG, FAR_TOO_LONG = 60, 900
# Seconds two clocks differ.
ADRIFT, FAR_ADRIFT = 2, 30

ACTIVITY = """
select count(*), current_setting('max_connections')::int,
  coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)::float,
  pg_database_size(current_database()), current_setting('server_version')
from pg_stat_activity where backend_type = 'client backend'
"""
ARCHIVING = """
select current_setting('archive_mode'), last_archived_time, last_failed_time from pg_stat_archiver
"""


def database() -> Light:
    full, most, longest, size, version = _one(ACTIVITY)
    state = worst(
        above(full / most * PER_CENT, watch=75, bad=95),
        above(longest, watch=LONG, bad=FAR_TOO_LONG),
    )
    says = _(
        "PostgreSQL %(version)s, %(size)s MB, %(full)s of %(most)s connections,"
        " the longest transaction is %(longest)s s old."
    ) % {
        "version": version.split()[0],
        "size": f"{size / 1e6:,.0f}",
        "full": full,
        "most": most,
        "longest": round(longest),
    }
    return Light("database", lazy("Database"), state, says)


def archiving() -> Light:
    """Whether the server's own journal is copied away, so that any instant can be gone back to."""
    mode, last, failed = _one(ARCHIVING)
    name = lazy("Journal kept for recovery")
    if mode == "off":
        says = _("Not set up: what is newer than the last backup would be lost.")
        return Light("archiving", name, State.WATCH, says)
    if failed and (last is None or failed > last):
        says = _("The last copy failed, at %(at)s.") % {"at": f"{failed:%d %B %H:%M} UTC"}
        return Light("archiving", name, State.BAD, says)
    says = _("Copied at %(at)s.") % {"at": f"{last:%d %B %H:%M} UTC"} if last else _("Set up.")
    return Light("archiving", name, State.GOOD, says)


def memory() -> Light:
    with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as line:
        told: dict[str, Any] = line.info()
    most, used = int(told.get("maxmemory", 0)), int(told["used_memory"])
    state = State.GOOD
    if not told.get("aof_enabled") or told.get("evicted_keys"):
        state = State.WATCH
    if told.get("aof_enabled") and told.get("aof_last_write_status") != "ok":
        state = State.BAD
    if most:
        state = worst(state, above(used / most * PER_CENT, watch=80, bad=95))
    kept = _("written to disk") if told.get("aof_enabled") else _("kept in memory only")
    says = _("%(version)s, %(used)s MB used, %(kept)s, %(evicted)s entries pushed out.") % {
        "version": valkey_version(told),
        "used": f"{used / 1e6:,.0f}",
        "kept": kept,
        "evicted": told.get("evicted_keys", 0),
    }
    return Light("memory", lazy("Cache and broker"), state, says)


def valkey_version(told: dict[str, Any]) -> str:
    if "valkey_version" in told:
        return f"Valkey {told['valkey_version']}"
    return f"Redis {told.get('redis_version', '?')}"


def clock() -> Light:
    """This machine's time against the database's; a slow answer is not a wrong clock."""
    before = time.time()
    (theirs,) = _one("select clock_timestamp()")
    after = time.time()
    stamp = theirs.timestamp()
    adrift = max(before - stamp, stamp - after, 0.0)
    says = _("%(seconds)s s from the database's.") % {"seconds": f"{adrift:.1f}"}
    now = dt.datetime.now(tz=dt.UTC)
    told = f"{now:%d %B %Y %H:%M:%S} UTC, {says}"
    return Light("clock", lazy("Clock"), above(adrift, watch=ADRIFT, bad=FAR_ADRIFT), told)


def tables() -> Light:
    executor = MigrationExecutor(connection)
    pending = [
        f"{migration.app_label} {migration.name}"
        for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())
    ]
    name = lazy("Migrations")
    if not pending:
        return Light("tables", name, State.GOOD, _("All are applied."))
    says = _("Pending: %(names)s.") % {"names": ", ".join(pending[:8])}
    return Light("tables", name, State.BAD, says)


def _one(question: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return tuple(cursor.fetchone())
