import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from shop.embedded import children, paths, postgres, servers, valkey
from shop.embedded.errors import CannotStart
from shop.embedded.supervisor import Supervisor


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    found = Supervisor(log_dir=tmp_path, say=print)
    yield found
    found.stop()
    servers.tidy(tmp_path)


def start(supervisor: Supervisor, server: servers.Server, data_dir: Path) -> None:
    server.prepare(data_dir)
    supervisor.start(server.child)
    supervisor.wait(server.child.name, partial(server.answers, data_dir), seconds=30)


def test_the_shops_role_can_make_databases_that_have_the_extensions(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    start(supervisor, servers.database(tmp_path), tmp_path)

    with psycopg.connect(paths.database_url(tmp_path), autocommit=True) as connection:
        connection.execute("create database another")
    with psycopg.connect(paths.database_url(tmp_path, database="another")) as connection:
        found = connection.execute("select extname from pg_extension").fetchall()
        upper = connection.execute("select upper('é')").fetchone()

    assert {"pg_trgm", "unaccent", "btree_gist", "pg_stat_statements"} <= {
        name for (name,) in found
    }
    assert upper == ("É",)


def test_a_server_left_behind_is_ended_before_the_next_starts(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    start(supervisor, servers.cache(tmp_path), tmp_path)

    valkey.prepare(tmp_path)

    assert not valkey.answers(tmp_path)
    assert supervisor.watched["valkey"].process.wait(5) == 0


def test_refuses_data_of_another_major_version(tmp_path: Path) -> None:
    postgres.folder(tmp_path).mkdir()
    (postgres.folder(tmp_path) / "PG_VERSION").write_text("15\n")

    with pytest.raises(CannotStart, match="was written by PostgreSQL 15 and this is 18"):
        postgres.create(tmp_path)


def test_refuses_a_folder_that_lost_its_heart(tmp_path: Path) -> None:
    postgres.folder(tmp_path).mkdir()

    with pytest.raises(CannotStart, match="is not a PostgreSQL data folder any more"):
        postgres.create(tmp_path)


def test_says_why_a_damaged_cluster_does_not_start(supervisor: Supervisor, tmp_path: Path) -> None:
    postgres.folder(tmp_path).mkdir(mode=0o700)
    (postgres.folder(tmp_path) / "PG_VERSION").write_text("18\n")
    server = servers.database(tmp_path)

    with pytest.raises(CannotStart, match="postgres does not start"):
        start(supervisor, server, tmp_path)

    assert "postgresql.conf" in children.complaint(supervisor.log("postgres"))


def test_a_note_about_another_program_keeps_nobody_out(tmp_path: Path) -> None:
    postgres.folder(tmp_path).mkdir()
    note = postgres.folder(tmp_path) / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{postgres.folder(tmp_path)}\n")

    postgres.clear_leftover(tmp_path)

    assert not note.exists()
