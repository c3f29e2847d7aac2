"""manage.py book_history: book what happened and is not in the books yet."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shop.processes.bookkeeping import history


class Command(BaseCommand):
    help = (
        "Book every sale, payment, refund, gift card and parcel that the books lack, on its day."
        " Running it again adds nothing."
    )

    def handle(self, *_: Any, **_options: Any) -> None:
        start = time.monotonic()
        total = history.book(now=timezone.now(), say=self._say)
        seconds = max(time.monotonic() - start, 0.001)
        rate = f"{total / seconds:,.0f} a second"
        self.stdout.write(f"{total:,} entries booked in {seconds:.1f} s, {rate}.")

    def _say(self, name: str, count: int) -> None:
        self.stdout.write(f"{name}: {count:,}")
