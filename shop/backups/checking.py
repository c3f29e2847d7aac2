"""A backup is one when it was restored: into a database beside the shop's, and compared."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shop.backups import contents, dump, manifest, media, rows, server, vault
from shop.backups.errors import BackupFailed
from shop.backups.manifest import Manifest
from shop.backups.server import Server
from shop.backups.shelf import Shelf


def untouched(shelf: Shelf, backup: Manifest) -> None:
    """Compare every file with the digest it was written with. Raises BackupFailed."""
    folder = shelf.place(backup)
    for name, piece in ((manifest.DATABASE, backup.database), (manifest.CONTENTS, backup.contents)):
        if vault.sha256(folder / name) != piece["sha256"]:
            raise BackupFailed(f"{name} of {backup.name} is damaged.")
    broken = media.damaged(manifest.pieces(folder), shelf.pool(backup.recipient))
    if broken:
        raise BackupFailed(f"{len(broken)} files of the media of {backup.name} are damaged.")


def database(at: Server, folder: Path, keys: Sequence[Any]) -> int:
    """Restore the dump in `folder` into a database for a while; how many rows it has.

    Raises BackupFailed when it does not restore or lacks a row.
    """
    scratch = f"{at.database[:40]}_check"
    server.drop(at, scratch)
    server.create(at, scratch)
    try:
        return fill(at, folder, into=scratch, keys=keys)
    finally:
        server.drop(at, scratch)


def fill(at: Server, folder: Path, *, into: str, keys: Sequence[Any]) -> int:
    """Restore into an empty database, and compare table by table. Raises BackupFailed."""
    wanted = contents.read(folder / manifest.CONTENTS, keys)
    with at.connect(into) as line:
        rows.add_extensions(line, wanted.extensions)
    dump.read(at, folder / manifest.DATABASE, into=into, keys=keys)
    with at.connect(into) as line:
        found = rows.counts(line)
    missing = rows.differences(wanted.rows, found)
    if missing:
        raise BackupFailed(f"The restored database differs: {'; '.join(missing[:5])}.")
    return sum(found.values())


def media_opens(folder: Path, pool: Path, keys: Sequence[Any]) -> int:
    """Open every file of the media; how many there are. Raises BackupFailed."""
    return media.check(contents.read(folder / manifest.CONTENTS, keys).media, pool, keys=keys)
