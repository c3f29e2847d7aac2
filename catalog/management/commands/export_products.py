import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from catalog.models import Category, Market, Product
from catalog.services import exports
from catalog.services.imports.plain import COLUMNS
from inventory.models import StockItem
from inventory.services.stock import default_location

CHUNK = 200


class Command(BaseCommand):
    help = "Write every product as CSV, to be read again by import_products."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="Left out: to the screen.")
        parser.add_argument(
            "--market", default="", help="Code of the market whose prices to write."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        markets = Market.objects.in_order()
        code = options["market"]
        market = markets.filter(code=code).first() if code else markets.first()
        if market is None:
            raise CommandError(f"There is no market {code}.".replace(" .", "."))
        if options["file"] is None:
            _write(sys.stdout, market)
            return
        try:
            # The mark at the beginning tells spreadsheets that it is UTF-8.
            with options["file"].open("w", encoding="utf-8-sig", newline="") as file:
                count = _write(file, market)
        except OSError as error:
            raise CommandError(f"{options['file']} can't be written: {error.strerror}.") from None
        self.stdout.write(f"{count} products written to {options['file']}")


def _write(file: TextIO, market: Market) -> int:
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    shelves = exports.shelf_names(Category.objects.order_by("path"))
    count = 0
    for products in _chunks(_all_of_them()):
        on_hand = _on_hand(products)
        for product in products:
            writer.writerows(
                exports.lines(product, market=market, shelves=shelves, on_hand=on_hand)
            )
        count += len(products)
    return count


def _all_of_them() -> "QuerySet[Product]":
    return (
        Product.objects.select_related("type__tax_class")
        .prefetch_related("options", "variants__values", "variants__prices", "images__value")
        .order_by("pk")
    )


def _chunks(products: "QuerySet[Product]") -> Iterator[list[Product]]:
    last = 0
    while chunk := list(products.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _on_hand(products: list[Product]) -> dict[int, int]:
    items = StockItem.objects.filter(variant__product__in=products, location=default_location())
    return dict(items.values_list("variant_id", "on_hand"))
