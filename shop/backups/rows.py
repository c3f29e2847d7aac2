"""What a database consists of: how many rows in which table, and what the server adds."""

from typing import Any

import psycopg
from psycopg import sql

TABLES = """
select relname from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace
order by relname
"""

# The server's own statistics are not the shop's, and only a superuser could bring them back.
EXTENSIONS = """
select extname from pg_extension where extname not in ('plpgsql', 'pg_stat_statements') order by 1
"""

Counts = dict[str, int]


def tables(line: "psycopg.Connection[Any]") -> list[str]:
    return [name for (name,) in line.execute(TABLES)]


def extensions(line: "psycopg.Connection[Any]") -> list[str]:
    return [name for (name,) in line.execute(EXTENSIONS)]


def add_extensions(line: "psycopg.Connection[Any]", names: list[str]) -> None:
    """A dump does not name those that came with the server it was made on."""
    for name in names:
        line.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))


def counts(line: "psycopg.Connection[Any]") -> Counts:
    """The rows of every table, as this connection sees them."""
    found = {}
    for name in tables(line):
        question = sql.SQL("select count(*) from {}").format(sql.Identifier(name))
        found[name] = int((line.execute(question).fetchone() or [0])[0])
    return found


def is_empty(line: "psycopg.Connection[Any]") -> bool:
    """Whether there is no table at all: what a restore can be put into."""
    return not tables(line)


def differences(wanted: Counts, found: Counts) -> list[str]:
    """In words, table by table."""
    return [
        f"{name}: {found.get(name, 'no table')} instead of {wanted.get(name, 'no table')}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]
