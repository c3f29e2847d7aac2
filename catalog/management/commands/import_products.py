import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.services.imports import formats
from shop.lib.csvfiles import FileRefused
from shop.processes.importing import Report, Wish, import_products

SHOWN = 50


class Command(BaseCommand):
    help = "Import products from Shopify's, WooCommerce's or the shop's own export."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=formats.NAMES, default="auto")
        parser.add_argument("--market", default="", help="Code of the market the prices are for.")
        parser.add_argument("--category", default="", help="Where new products go, such as mugs.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        wish = Wish(
            path=options["file"],
            format=options["format"],
            market=options["market"],
            category=options["category"],
            dry_run=options["dry_run"],
        )
        try:
            report = import_products(wish=wish, now=timezone.now())
        except FileRefused as refusal:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"errors": [{"line": None, "message": refusal.message}]})
                )
            raise CommandError(refusal.message) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self._tell(report, wish)
        if report.is_empty:
            sys.exit(1)

    def _tell(self, report: Report, wish: Wish) -> None:
        said = report.as_json()
        if wish.dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        for name in ("created", "updated", "skipped", "products", "variants", "images", "seconds"):
            self.stdout.write(f"{name:>9}  {said[name]}")
        for name in ("errors", "warnings"):
            notes = said[name]
            self.stdout.write(f"{name:>9}  {len(notes)}")
            for note in notes[:SHOWN]:
                place = f"line {note['line']}: " if note["line"] else ""
                self.stdout.write(f"           {place}{note['message']}")
            if len(notes) > SHOWN:
                self.stdout.write(
                    f"           … and {len(notes) - SHOWN} more; --json has them all"
                )
