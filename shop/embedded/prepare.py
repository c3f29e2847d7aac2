"""What happens between "the servers answer" and "the shop opens": tables, static files, goods.

What has not changed since the last start is not done again: each of these commands loads the
whole project, and a second start should take seconds.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import psycopg
import redis

from shop.embedded import paths, plan
from shop.embedded.errors import CannotStart
from shop.embedded.plan import Plan
from shop.embedded.supervisor import Supervisor

LOCKED = "uv.lock"
MIGRATIONS = (LOCKED, "*/migrations/*.py", "shop/*/migrations/*.py")
STATIC_FILES = (
    LOCKED,
    "static/**/*",
    "*/static/**/*",
    "shop/settings.py",
    "shop/lib/staticfiles.py",
)
LAST_MIGRATION = "select coalesce(max(id), 0) from django_migrations"
HAS_PRODUCTS = "select exists (select from catalog_product)"


def everything(supervisor: Supervisor, chosen: Plan, environment: Mapping[str, str]) -> None:
    """Bring database, static files and goods up to date.

    Raises CannotStart when one of the commands fails, Stopped when somebody asked to stop.
    """
    _check_given_valkey(chosen)
    _migrate(supervisor, chosen, environment)
    _collect_static(supervisor, chosen, environment)
    _seed(supervisor, chosen, environment)


def _check_given_valkey(chosen: Plan) -> None:
    if not chosen.given_valkey:
        return
    try:
        with redis.from_url(chosen.given_valkey, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(
            f"The server in REDIS_URL does not answer: {str(error).rstrip('.')}."
        ) from error


def _migrate(supervisor: Supervisor, chosen: Plan, environment: Mapping[str, str]) -> None:
    # The last migration's row tells apart a database that was restored or made anew.
    stamp = chosen.data_dir / "migrations.stamp"
    digest = digest_of(*MIGRATIONS)
    if _read(stamp) == f"{digest} {_ask(environment, LAST_MIGRATION)}":
        return
    supervisor.run(plan.manage("migrate", "--no-input", environment=environment))
    stamp.write_text(f"{digest} {_ask(environment, LAST_MIGRATION)}", encoding="ascii")


def _collect_static(supervisor: Supervisor, chosen: Plan, environment: Mapping[str, str]) -> None:
    stamp = chosen.data_dir / "static.stamp"
    digest = digest_of(*STATIC_FILES)
    if Path(environment["STATIC_ROOT"]).is_dir() and _read(stamp) == digest:
        return
    line = plan.manage("collectstatic", "--no-input", "--clear", environment=environment)
    supervisor.run(line)
    stamp.write_text(digest, encoding="ascii")


def _seed(supervisor: Supervisor, chosen: Plan, environment: Mapping[str, str]) -> None:
    # The note outlives a seeding that was cut short, which the next start then repeats.
    note = chosen.data_dir / "seeding"
    if not note.exists() and _ask(environment, HAS_PRODUCTS):
        return
    supervisor.say("Filling the empty shop, once …")
    note.touch()
    supervisor.run(plan.manage("seed_shop", environment=environment))
    note.unlink()


def _ask(environment: Mapping[str, str], question: str) -> object:
    """Return one value; None when the table is not there yet."""
    try:
        with psycopg.connect(environment["DATABASE_URL"], connect_timeout=5) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[0]
        raise CannotStart(f"The server in DATABASE_URL does not answer: {reason}.") from error
    return row[0] if row else None


def digest_of(*patterns: str) -> str:
    """Return a digest over names and contents of the project's files that match `patterns`."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(paths.PROJECT.glob(pattern)):
            if file.is_file():
                content = file.read_bytes()
                digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="ascii") if stamp.is_file() else ""
