"""manage.py restore: a backup becomes the shop again, or a database beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from shop.backups import restoring, shelf, vault
from shop.backups.errors import BackupFailed
from shop.backups.restoring import Order
from shop.backups.shelf import Shelf


class Command(BaseCommand):
    help = "Restore a backup of BACKUP_DIR with the key that is kept elsewhere."
    # The database may be empty or gone.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the backup's name, or latest")
        parser.add_argument("--identity", type=Path, required=True, help="file with the secret key")
        parser.add_argument("--from", dest="folder", type=Path, help="instead of BACKUP_DIR")
        parser.add_argument("--check", action="store_true", help="try it out, change nothing")
        parser.add_argument("--into", default="", help="another database than the shop's")
        parser.add_argument("--no-media", action="store_true", help="the database only")
        parser.add_argument("--yes-destroy", action="store_true", help="replace what is there")

    def handle(self, *_: Any, **options: Any) -> None:
        place = Shelf(options["folder"]) if options["folder"] else shelf.the_shops()
        # Our own connection would stand in the way of the new database.
        connection.close()
        try:
            backup = place.find(options["name"])
            keys = vault.identities(options["identity"])
            if options["check"]:
                restoring.try_out(place, backup, keys, self.stdout.write)
                return
            restoring.restore(place, backup, keys, _order(options), self.stdout.write)
        except BackupFailed as refusal:
            raise CommandError(str(refusal)) from None
        if not options["into"]:
            # Pages, sessions and queued work of a shop that is no more; the outbox sends what is due.
            cache.clear()
        self.stdout.write(f"The shop of {backup.at:%d %B %Y, %H:%M} UTC is back.")
        self.stdout.write("Now: manage.py migrate, manage.py reconcile.")


def _order(options: dict[str, Any]) -> Order:
    into = str(options["into"])
    return Order(
        into=into,
        destroy=options["yes_destroy"],
        # Files of a database beside the shop would land in the shop.
        with_media=not options["no_media"] and not into,
    )
