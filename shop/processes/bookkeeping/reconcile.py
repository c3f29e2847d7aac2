"""Do the numbers that should agree, agree?"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from shop.processes.bookkeeping.audit import AUDIT
from shop.processes.bookkeeping.books import BOOKS_AND_PAGES
from shop.processes.bookkeeping.carriage import CARRIAGE
from shop.processes.bookkeeping.collected import COLLECTED
from shop.processes.bookkeeping.customers import CUSTOMERS
from shop.processes.bookkeeping.desk import DESK
from shop.processes.bookkeeping.documents import DOCUMENTS
from shop.processes.bookkeeping.doors import DOORS
from shop.processes.bookkeeping.edits import EDITS
from shop.processes.bookkeeping.ledger import LEDGER
from shop.processes.bookkeeping.orders import ORDERS
from shop.processes.bookkeeping.outbox import OUTBOX
from shop.processes.bookkeeping.parcels import PARCELS
from shop.processes.bookkeeping.payments import PAYMENTS
from shop.processes.bookkeeping.prices import PRICES
from shop.processes.bookkeeping.privacy import PRIVACY
from shop.processes.bookkeeping.promises import Finding, Invariant
from shop.processes.bookkeeping.returns import RETURNS
from shop.processes.bookkeeping.rolled_up import ROLLED_UP
from shop.processes.bookkeeping.stock import STOCK
from shop.processes.bookkeeping.stock_foretold import STOCK_FORETOLD
from shop.processes.bookkeeping.stock_held import STOCK_HELD
from shop.processes.bookkeeping.stock_papers import STOCK_PAPERS
from shop.processes.bookkeeping.stock_worth import STOCK_WORTH
from shop.processes.bookkeeping.value import VALUE
from shop.processes.bookkeeping.webhooks import WEBHOOKS

MOST_EXAMPLES = 5
SECONDS = 300
INVARIANTS = (
    *AUDIT,
    *STOCK,
    *STOCK_HELD,
    *STOCK_PAPERS,
    *STOCK_WORTH,
    *STOCK_FORETOLD,
    *CUSTOMERS,
    *ORDERS,
    *ROLLED_UP,
    *PARCELS,
    *CARRIAGE,
    *COLLECTED,
    *DESK,
    *DOORS,
    *RETURNS,
    *EDITS,
    *PRICES,
    *PRIVACY,
    *PAYMENTS,
    *VALUE,
    *LEDGER,
    *BOOKS_AND_PAGES,
    *DOCUMENTS,
    *OUTBOX,
    *WEBHOOKS,
)


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
            f"select count(*) over () as found, row_to_json(x) from ({invariant.sql}) x limit %(most)s",  # noqa: S608 - our own constants  # nosec B608
            {"now": now, "most": MOST_EXAMPLES},
        )
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), [row for _found, row in rows]
