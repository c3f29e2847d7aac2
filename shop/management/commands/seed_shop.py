import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.demo.seeding import shop
from shop.demo.seeding.shop import NotADemo, Wish

NOT_HERE = "This shop has goods of its own: nothing is made up beside them. DEMO=1 allows it."


class Command(BaseCommand):
    help = "Fill the shop with demo goods and a year of orders; what is there already stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--products", type=int, help="as many products as this, made up")
        parser.add_argument("--orders", type=int, help="as many orders as this (3,500)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same shop")

    def handle(self, *_: Any, **options: Any) -> None:
        for name in ("products", "orders"):
            if options[name] is not None and options[name] < 0:
                raise CommandError(f"--{name} can't be negative.")
        start = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"{time.monotonic() - start:6.1f} s  {text}")
            self.stdout.flush()

        wish = Wish(products=options["products"], orders=options["orders"], seed=options["seed"])
        try:
            shop.fill(wish, now=timezone.now(), say=say)
        except NotADemo:
            raise CommandError(NOT_HERE) from None
