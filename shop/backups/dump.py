"""The database into a sealed file, and out of it into another database."""

import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop.backups import rows, vault
from shop.backups.errors import BackupFailed
from shop.backups.rows import Counts
from shop.backups.server import Server, tool
from shop.backups.vault import Piece

SNAPSHOT = "select pg_export_snapshot()"
# The session holds still while pg_dump looks over its shoulder.
PATIENCE = """
set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0
"""


@dataclass(frozen=True)
class Dumped:
    """A dump, and what was in the database at the same instant."""

    piece: Piece
    rows: Counts
    extensions: list[str]


def write(server: Server, target: Path, recipients: Sequence[Any]) -> Dumped:
    """Dump the database, sealed. Raises BackupFailed."""
    with server.connect() as line:
        line.execute(PATIENCE)
        line.execute("begin isolation level repeatable read read only")
        snapshot = (line.execute(SNAPSHOT).fetchone() or [""])[0]
        piece = _dump(server, str(snapshot), target, recipients)
        return Dumped(piece, rows.counts(line), rows.extensions(line))


def _dump(server: Server, snapshot: str, target: Path, recipients: Sequence[Any]) -> Piece:
    command = [
        *(tool("pg_dump"), "--format=custom", "--no-owner", "--no-comments"),
        *("--lock-wait-timeout=60000", f"--snapshot={snapshot}"),
        "--exclude-extension=pg_stat_statements",
        *("--dbname", server.address(server.database)),
    ]
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(  # noqa: S603 — our own program
            command, stdout=subprocess.PIPE, stderr=words, env=server.environment()
        ) as process:
            if process.stdout is None:
                raise BackupFailed("pg_dump has no output.")
            piece = vault.seal(process.stdout, target, recipients)
        if process.returncode != 0:
            raise BackupFailed(f"pg_dump failed: {_last_words(words)}")
    return piece


def read(server: Server, source: Path, *, into: str, keys: Sequence[Any]) -> None:
    """Fill an empty database from a sealed dump: all of it or nothing. Raises BackupFailed."""
    command = [
        *(tool("pg_restore"), "--no-owner", "--no-comments", "--exit-on-error"),
        *("--single-transaction", "--dbname", server.address(into)),
    ]
    with tempfile.TemporaryFile() as words:
        with subprocess.Popen(  # noqa: S603 — our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=words,
            env=server.environment(),
        ) as process:
            trouble = _feed(process, source, keys)
        if process.returncode != 0:
            raise BackupFailed(f"pg_restore failed: {_last_words(words)}")
    if trouble is not None:
        raise trouble


def _feed(
    process: "subprocess.Popen[bytes]", source: Path, keys: Sequence[Any]
) -> BackupFailed | None:
    """Hand the dump over; what went wrong on our side."""
    if process.stdin is None:
        return BackupFailed("pg_restore has no input.")
    try:
        vault.unseal(source, process.stdin, keys)
    except BackupFailed as trouble:
        # What it has is a beginning only: nothing of it may stay.
        process.kill()
        return trouble
    finally:
        with suppress(OSError):
            process.stdin.close()
    return None


def _last_words(words: Any) -> str:
    words.seek(0)
    lines = words.read().decode(errors="replace").strip().splitlines()
    told = [line for line in lines if "error:" in line] or lines or ["no reason given"]
    return str(told[0])
