"""An own PostgreSQL 18 in a folder, reached through a socket only its user can open."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from shop.embedded import binaries, paths, preflight
from shop.embedded.errors import CannotStart

MAJOR = "18"
SUPERUSER = "postgres"
# The server trusts whoever opens its socket; the socket's folder is the lock on the door.
INITDB = (
    *("--username", SUPERUSER, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)
# Extensions go into the template, so that the shop's role can create databases that have them.
FIRST_WORDS = f"""
create extension pg_trgm
create extension unaccent
create extension btree_gist
create extension pg_stat_statements
create role {paths.ROLE} login createdb
create database {paths.DATABASE} owner {paths.ROLE}
"""
SETTINGS = {
    "listen_addresses": "",
    "port": str(paths.POSTGRES_PORT),
    "unix_socket_permissions": "0700",
    "shared_preload_libraries": "pg_stat_statements",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",
}
# A catalogue of a hundred thousand products and its indexes are half a gigabyte.
BUFFERS = 1 << 30
# For tests: what a power cut would lose may be lost.
CARELESS = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def folder(data_dir: Path) -> Path:
    return data_dir / "postgres"


def create(data_dir: Path) -> None:
    """Make the cluster with its role, database and extensions, unless it is there.

    It is made beside its place and moved there: a folder that exists is complete.
    Raises CannotStart when the folder there is not a cluster of this version.
    """
    home = folder(data_dir)
    if home.exists():
        _check_version(home)
        return
    fresh = data_dir / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _run("initdb", "--pgdata", str(fresh), *INITDB)
    _run("postgres", "--single", "-D", str(fresh), "template1", words=FIRST_WORDS)
    fresh.rename(home)


def command(data_dir: Path, *, settings: dict[str, str] | None = None) -> tuple[str, ...]:
    """Return the command line of the server, which stays in the foreground."""
    own = {
        "unix_socket_directories": str(paths.socket_dir(data_dir)),
        "shared_buffers": f"{_buffers() >> 20}MB",
    }
    chosen = SETTINGS | own | (settings or {})
    options = (part for name, value in chosen.items() for part in ("-c", f"{name}={value}"))
    server = binaries.postgres("postgres")
    return (*binaries.as_ordinary_user(), server, "-D", str(folder(data_dir)), *options)


def _buffers() -> int:
    """What PostgreSQL may keep at hand, in bytes: of a small machine a quarter of the memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(BUFFERS, memory // 4)


def answers(data_dir: Path) -> bool:
    """Say whether the server takes connections."""
    address = paths.database_url(data_dir)
    question = (binaries.postgres("pg_isready"), "--quiet", "--dbname", address)
    return subprocess.run(question, check=False).returncode == 0


def clear_leftover(data_dir: Path) -> None:
    """End a server somebody left behind on this folder, or the note of one that is long gone."""
    note = folder(data_dir) / "postmaster.pid"
    pid = _noted_pid(note)
    if pid is None or not Path(f"/proc/{pid}").exists():
        return
    if _is_server_of(pid, folder(data_dir)):
        _run("pg_ctl", "stop", "--pgdata", str(folder(data_dir)), "--mode=fast", "--wait")
    else:
        # The number was given to another program meanwhile, and PostgreSQL would wait for that one.
        note.unlink(missing_ok=True)


def wait_until_gone(data_dir: Path, *, seconds: float = 20) -> None:
    """Wait for a server that is already on its way out."""
    end = time.monotonic() + seconds
    while _noted_pid(folder(data_dir) / "postmaster.pid") and time.monotonic() < end:
        time.sleep(0.05)


def prepare(data_dir: Path) -> None:
    """Bring folder and socket folder into the state `command` can start from."""
    preflight.private_folder(paths.socket_dir(data_dir))
    create(data_dir)
    clear_leftover(data_dir)


def _check_version(home: Path) -> None:
    try:
        version = (home / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise CannotStart(
            f"{home} is not a PostgreSQL data folder any more: move it away to begin with an empty shop."
        ) from None
    if version != MAJOR:
        raise CannotStart(
            f"{home} was written by PostgreSQL {version} and this is {MAJOR}: "
            "choose another folder with DATA_DIR=/some/folder make demo."
        )


def _noted_pid(note: Path) -> int | None:
    try:
        return int(note.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_server_of(pid: int, home: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"postgres") and os.fsencode(home) in words


def _run(program: str, *arguments: str, words: str = "") -> None:
    line = (*binaries.as_ordinary_user(), binaries.postgres(program), *arguments)
    done = subprocess.run(line, input=words.strip(), capture_output=True, text=True, check=False)
    if done.returncode != 0 or "ERROR:" in done.stderr:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise CannotStart(f"PostgreSQL's {program} failed: {reason[0]}")
