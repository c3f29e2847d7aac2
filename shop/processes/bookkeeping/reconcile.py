"""Do the numbers that should agree, agree?"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from shop.processes.bookkeeping.orders import ORDERS
from shop.processes.bookkeeping.outbox import OUTBOX
from shop.processes.bookkeeping.payments import PAYMENTS
from shop.processes.bookkeeping.prices import PRICES
from shop.processes.bookkeeping.promises import Finding, Invariant
from shop.processes.bookkeeping.stock import STOCK
from shop.processes.bookkeeping.value import VALUE

MOST_EXAMPLES = 5
SECONDS = 300
INVARIANTS = (*STOCK, *ORDERS, *PRICES, *PAYMENTS, *VALUE, *OUTBOX)


@transaction.atomic(durable=True)
def reconcile(*, now: dt.datetime) -> list[Finding]:
    """Check every invariant. Each one reads its rows in one statement, so as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [f"{SECONDS}s"])
    return list(_findings(now))


def _findings(now: dt.datetime) -> Iterator[Finding]:
    for invariant in INVARIANTS:
        count, examples = _broken(invariant, now)
        if count:
            yield Finding(invariant.name, invariant.level, invariant.rule, count, examples)


def _broken(invariant: Invariant, now: dt.datetime) -> tuple[int, list[dict[str, Any]]]:
    """How many rows break the promise, and the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*) over () as found, row_to_json(x) from ({invariant.sql}) x limit %(most)s",  # noqa: S608 - our own constants
            {"now": now, "most": MOST_EXAMPLES},
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [row for _found, row in rows]
