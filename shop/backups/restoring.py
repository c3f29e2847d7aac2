"""Brings a backup back. The shop's database is replaced only by one that is filled and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from shop.backups import checking, contents, manifest, media, rows, server
from shop.backups.errors import BackupFailed, NotEmpty
from shop.backups.manifest import Manifest
from shop.backups.server import Server
from shop.backups.shelf import Shelf

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is wanted. `into` names another database; `destroy`: replace a shop that is there."""

    into: str = ""
    destroy: bool = False
    with_media: bool = True


def restore(shelf: Shelf, backup: Manifest, keys: Sequence[Any], order: Order, say: Say) -> None:
    """Raises BackupFailed, then the shop is as it was; NotEmpty when `destroy` is missing."""
    at = server.the_shops()
    target = order.into or at.database
    try:
        is_full = _is_full(at, target)
        if is_full and not order.destroy:
            raise NotEmpty(
                f"The database {target} holds a shop: --yes-destroy replaces it,"
                " --into NAME restores beside it."
            )
        checking.untouched(shelf, backup)
        fresh = f"{target[:40]}_restored" if is_full else target
        _fill(at, shelf.place(backup), fresh, keys, say, is_made=is_full)
        if order.with_media:
            _bring_media(shelf, backup, keys, replace=order.destroy, say=say)
        if is_full:
            server.put_in_place(at, fresh, target)
            say(f"{target} was replaced.")
    except (OSError, psycopg.Error) as error:
        raise BackupFailed(f"The backup could not be restored: {str(error).strip()}") from error


def try_out(shelf: Shelf, backup: Manifest, keys: Sequence[Any], say: Say) -> None:
    """Restore beside the shop, open every file, and leave nothing. Raises BackupFailed."""
    checking.untouched(shelf, backup)
    folder = shelf.place(backup)
    found = checking.database(server.the_shops(), folder, keys)
    say(f"{backup.tables} tables with {found:,} rows restored and compared.")
    count = checking.media_opens(folder, shelf.pool(backup.recipient), keys)
    say(f"{count:,} files of the media opened and compared.")


def _is_full(at: Server, database: str) -> bool:
    if not server.exists(at, database):
        return False
    with at.connect(database) as line:
        return not rows.is_empty(line)


def _fill(
    at: Server, folder: Path, into: str, keys: Sequence[Any], say: Say, *, is_made: bool
) -> None:
    if is_made:
        server.drop(at, into)
    is_new = is_made or not server.exists(at, into)
    if is_new:
        server.create(at, into)
    try:
        count = checking.fill(at, folder, into=into, keys=keys)
    except BackupFailed:
        if is_new:
            server.drop(at, into)
        raise
    say(f"{count:,} rows restored into {into} and compared.")


def _bring_media(
    shelf: Shelf, backup: Manifest, keys: Sequence[Any], *, replace: bool, say: Say
) -> None:
    paths = contents.read(shelf.place(backup) / manifest.CONTENTS, keys).media
    pool = shelf.pool(backup.recipient)
    done = media.bring_back(paths, pool, Path(settings.MEDIA_ROOT), keys=keys, replace=replace)
    say(f"Media: {done.written:,} files written, {done.same:,} were there.")
    if done.different:
        say(f"{done.different:,} files have another content now and were left alone.")
