from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.standin.server import Options, Standin, serve


class Command(BaseCommand):
    help = "Serve the local stand-in for Stripe. No money moves."
    # A peer of the shop: it needs neither its database nor its settings.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--webhook", default="", help="the shop's webhook address")
        parser.add_argument("--secret", default="", help="the webhook's secret, whsec_…")
        parser.add_argument("--state", type=Path, help="journal, so that a restart forgets nothing")
        parser.add_argument("--public-url", default="", help="the address a browser uses")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["webhook"] and not options["secret"]:
            raise CommandError("--webhook needs --secret: deliveries are signed.")
        names = ("port", "webhook", "secret", "state", "public_url")
        try:
            standin = Standin(Options(**{name: options[name] for name in names}))
        except OSError as error:
            raise CommandError(f"The stand-in cannot start: {error}") from error
        self.stdout.write(f"Stand-in for Stripe at {standin.url}. No money moves.")
        self.stdout.flush()
        serve(standin)
