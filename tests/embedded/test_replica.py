"""A real replica that follows a real primary: nothing is read that is older than what was written."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest

from shop.embedded import binaries, paths, postgres, preflight

STORY = [sys.executable, "-m", "tests.embedded.replica_story"]


def start(data_dir):
    server = subprocess.Popen(
        postgres.command(data_dir, settings=postgres.CARELESS | {"synchronous_commit": "on"}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 30
    while not postgres.answers(data_dir):
        assert time.monotonic() < end
        assert server.poll() is None
        time.sleep(0.1)
    return server


def follow(primary, data_dir):
    """Copy a running server, and leave a note that the copy is to follow it."""
    preflight.private_folder(paths.socket_dir(data_dir))
    subprocess.run(
        [
            *binaries.as_ordinary_user(),
            *(binaries.postgres("pg_basebackup"), "--write-recovery-conf", "--checkpoint=fast"),
            *("--host", str(paths.socket_dir(primary)), "--username", postgres.SUPERUSER),
            *("--pgdata", str(postgres.folder(data_dir))),
        ],
        check=True,
        capture_output=True,
    )


def stop(data_dir, *servers):
    for server in servers:
        server.terminate()
        server.wait(10)
    # What was killed leaves its socket behind.
    shutil.rmtree(paths.socket_dir(data_dir))


@pytest.fixture
def pair(tmp_path):
    primary, other = tmp_path / "primary", tmp_path / "replica"
    primary.mkdir()
    other.mkdir()
    postgres.prepare(primary)
    first = start(primary)
    try:
        follow(primary, other)
        second = start(other)
        yield primary, other, second
        stop(other, second)
    finally:
        stop(primary, first)


class Story:
    """The other process; every step waits to be told to go on."""

    def __init__(self, primary, other):
        self.process = subprocess.Popen(
            STORY,
            env=os.environ
            | {
                "DATABASE_URL": paths.database_url(primary),
                "DATABASE_REPLICA_URL": paths.database_url(other),
                "DJANGO_SETTINGS_MODULE": "shop.settings",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=paths.PROJECT,
        )

    def step(self):
        return json.loads(self.process.stdout.readline())

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.step()


def test_a_page_reads_the_replica_when_it_has_everything_and_the_primary_otherwise(pair):
    primary, other, second = pair
    story = Story(primary, other)

    first = story.step()
    # The last word of each is how many rows there were: whoever wrote one reads it.
    assert [int(seen.split()[1]) for seen in first["seen"]] == list(range(1, 31))
    assert "replica" in {seen.split()[0] for seen in first["seen"]}
    assert (first["within"], first["posted"]) == ("default 30", "default 30")
    assert first["streamed"] == "replicareplica"

    broken = story.go_on()
    assert (broken["broken"], broken["after"]) == ("default", "default 30")
    assert broken["back"] == "replica 30"

    stand_still = (binaries.postgres("psql"), "-qAt", "-c", "select pg_wal_replay_pause()")
    where = paths.database_url(other).replace(f"//{paths.ROLE}@", f"//{postgres.SUPERUSER}@")
    subprocess.run([*stand_still, where], check=True, capture_output=True)
    behind = story.go_on()
    assert (behind["behind"], behind["still"]) == ("default 31", "default 31")

    second.kill()
    second.wait(10)
    assert story.go_on()["gone"] == "default 31"
    story.process.communicate("\n", timeout=10)
