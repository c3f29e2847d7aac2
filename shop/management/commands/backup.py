"""manage.py backup: a copy of database and media, sealed for the key in BACKUP_RECIPIENT."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.backups import shelf, taking, vault
from shop.backups.errors import BackupFailed
from shop.backups.manifest import Manifest


class Command(BaseCommand):
    help = "Back up database and media into BACKUP_DIR: sealed, tried out by a restore, rotated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="show the backups there are")
        parser.add_argument("--new-key", type=Path, metavar="FILE", help="make a key, into FILE")
        parser.add_argument("--no-verify", action="store_true", help="leave out the trial restore")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["new_key"]:
            self._make_key(options["new_key"])
        elif options["list"]:
            self._list()
        else:
            self._take(verify=not options["no_verify"])

    def _take(self, *, verify: bool) -> None:
        try:
            made = taking.take(now=timezone.now(), say=self.stdout.write, verify=verify)
        except BackupFailed as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{shelf.the_shops().place(made)}: {made.bytes:,} bytes.")

    def _list(self) -> None:
        for one in shelf.the_shops().backups():
            self.stdout.write(_line(one))

    def _make_key(self, file: Path) -> None:
        identity, recipient = vault.new_identity()
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(f"# public key: {recipient}\n{identity}\n")
        self.stdout.write(f"BACKUP_RECIPIENT={recipient}")
        self.stdout.write(f"Take {file} away from this machine: without it no backup opens.")


def _line(one: Manifest) -> str:
    tried = "tried out" if one.verified_at else "never tried out"
    return f"{one.name}  {one.bytes / 1e6:10.1f} MB  {one.files:7,} files  {tried}"
