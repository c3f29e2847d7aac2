"""Makes a backup: the database as of one instant, the media, sealed, tried out and put on the shelf."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from shop.backups import checking, contents, dump, manifest, media, server, shelf, vault
from shop.backups.contents import Contents
from shop.backups.errors import BackupFailed
from shop.backups.manifest import Manifest
from shop.backups.rotation import Keep
from shop.backups.server import Server
from shop.backups.shelf import UNFINISHED, Shelf
from shop.lib.release import release

Say = Callable[[str], None]
UNSET = (
    "BACKUP_RECIPIENT is not set, and nothing is written that anybody could read: "
    "`manage.py backup --new-key FILE` makes a key, docs/backups.md says where it belongs."
)


def take(*, now: dt.datetime, say: Say, verify: bool = True) -> Manifest:
    """Make a backup and let old ones go. Raises BackupFailed; then nothing new is on the shelf."""
    if not settings.BACKUP_RECIPIENT:
        raise BackupFailed(UNSET)
    recipient = vault.recipient(settings.BACKUP_RECIPIENT)
    place, at = shelf.the_shops(), server.the_shops()
    try:
        with place.held():
            made = _Maker(place, at, recipient, say).make(now=now, verify=verify)
            for name in place.rotate(Keep(*settings.BACKUP_KEEP)):
                say(f"{name} had its time and is gone.")
    except (OSError, psycopg.Error) as error:
        raise BackupFailed(f"The backup could not be made: {str(error).strip()}") from error
    return made


class _Maker:
    """One run. A key made for this run alone opens the files once, to try them out."""

    def __init__(self, place: Shelf, at: Server, recipient: Any, say: Say) -> None:
        self.place, self.at, self.say = place, at, say
        text, public = vault.new_identity()
        self.key = vault.identity(text)
        self.recipients = [recipient, vault.recipient(public)]

    def make(self, *, now: dt.datetime, verify: bool) -> Manifest:
        name = now.astimezone(dt.UTC).strftime(manifest.STAMP)
        if (self.place.folder / name).exists():
            raise BackupFailed(f"{name} is there already.")
        folder = self.place.folder / f"{name}{UNFINISHED}"
        folder.mkdir(mode=0o700)
        made = self._fill(folder, name=name, now=now)
        if verify:
            rows = checking.database(self.at, folder, [self.key])
            made = made.verified(now)
            self.say(f"Restored beside the shop and compared: {made.tables} tables, {rows:,} rows.")
        made.write(folder)
        folder.rename(self.place.folder / name)
        return made

    def _fill(self, folder: Path, *, name: str, now: dt.datetime) -> Manifest:
        begun = time.monotonic()
        running = server.check_version(self.at)
        dumped = dump.write(self.at, folder / manifest.DATABASE, self.recipients)
        count = sum(dumped.rows.values())
        self.say(
            f"Database: {len(dumped.rows)} tables, {count:,} rows, {dumped.piece.bytes:,} bytes."
        )
        # After the database: what it names is there, unless it was thrown away meanwhile.
        kept = self._media()
        self.say(f"Media: {len(kept.paths):,} files, {kept.bytes:,} bytes.")
        manifest.write_pieces(folder, kept.pieces)
        found = Contents(dumped.rows, dumped.extensions, kept.paths)
        about = contents.write(found, folder / manifest.CONTENTS, self.recipients)
        return Manifest(
            name=name,
            at=now,
            server=running,
            shop=release(),
            recipient=settings.BACKUP_RECIPIENT,
            seconds=round(time.monotonic() - begun, 1),
            tables=len(dumped.rows),
            database=asdict(dumped.piece),
            contents=asdict(about),
            files=len(kept.paths),
            media_bytes=kept.bytes,
        )

    def _media(self) -> media.Kept:
        known: dict[str, str] = {}
        for earlier in self.place.backups():
            # A new key has a pool of its own: the old one may be lost.
            if earlier.recipient == settings.BACKUP_RECIPIENT:
                known |= manifest.pieces(self.place.place(earlier))
        # Pictures outlive many runs: they are sealed for the lasting key alone.
        pool = self.place.pool(settings.BACKUP_RECIPIENT)
        return media.store(
            Path(settings.MEDIA_ROOT), pool, known=known, recipients=self.recipients[:1]
        )
