"""Opens the demo shop. `manage.py` runs the same function before Django is loaded."""

import sys

from django.core.management.base import BaseCommand

from shop.embedded.demo import main


class Command(BaseCommand):
    help = "Start PostgreSQL, Valkey, web, worker and scheduler, with data in DATA_DIR (.data)."
    requires_system_checks = []

    def handle(self, *_args: object, **_options: object) -> None:
        sys.exit(main())
