from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.services import tax_rates
from shop.lib.errors import Refused


class Command(BaseCommand):
    """Put the rates of the European Union, the United Kingdom and the United States on file.

    Safe to repeat. Rates that somebody changed stay, and are named.
    """

    help = "Add the tax rates, territories and classes that come with the shop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--country", nargs="+", metavar="CC", help="only these countries, such as DE FR"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            loaded = tax_rates.load(countries=options["country"])
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"{loaded.added} rates added, {loaded.ended} ended, {loaded.territories} territories."
        )
        if loaded.kept:
            self.stdout.write(f"Left as somebody changed them: {', '.join(loaded.kept)}.")
