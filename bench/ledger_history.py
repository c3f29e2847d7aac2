"""Years of invoices booked as history: python bench/ledger_history.py --transactions FILE --expected FILE

--transactions  CSV (gzipped or not) with the columns invoice, txn, line_kind, quantity, invoice_at,
                unit_price; one row per line of an invoice. txn: sale, cancellation (an invoice that
                gives back: quantities below zero); rows of any other kind move no sales and are
                left out. line_kind shipping is delivery; every other kind counts as goods.
--expected      JSON: by_month {"2010-12": {"revenue", "orders"}}: the sum of quantity x unit_price
                of all rows with txn=sale and the number of their invoices; cancelled_value: the
                sum of all rows with txn=cancellation, to the penny.

Every invoice becomes one entry: a sale through the builder that books the shop's own orders, or a
credit through that of its refunds, on its day, in a database made for it. Then the journal is read:
sales by month must be the expected ones, credits in all as well, and everything must sum to zero;
otherwise the exit code is 1. No tax: the rows have none. The form is that of "Online Retail" (Chen,
Sain, Guo 2012, doi:10.1057/dbm.2012.17; UCI id 352): with each row of the original given `txn` from
its invoice number (C… is a cancellation, A… an adjustment, a price of 0 a stock adjustment) and
`line_kind` from its stock code (POST, DOT, C2 are shipping).
Needs a running PostgreSQL (DATABASE_URL or DATA_DIR).
"""

import argparse
import csv
import datetime as dt
import gzip
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
django.setup()

from django.db import connection  # noqa: E402

from catalog.models import Market  # noqa: E402
from payments.services.books import posting  # noqa: E402
from payments.services.books.drafts import Draft  # noqa: E402
from payments.services.books.roles import Role  # noqa: E402
from payments.services.books.sales import (  # noqa: E402
    Event,
    Place,
    Share,
    credit_draft,
    sale_draft,
)
from shop.lib.workdays import shop_zone  # noqa: E402

DATABASE = "bench_ledger_history"
UNTAXED = Place("", "", Decimal(0))
PENNY = Decimal("0.01")
MONTHS = """
    select to_char(j."on", 'YYYY-MM'),
           -sum(l.amount) filter (where a.role in ('sales', 'delivery_charged')),
           coalesce(sum(l.amount) filter (where a.role = 'credits'), 0),
           count(distinct j.id) filter (where j.kind = 'sale'),
           sum(l.amount)
    from payments_journalline l
    join payments_journalentry j on j.id = l.entry_id
    join payments_ledgeraccount a on a.id = l.account_id
    group by 1 order by 1
"""
Invoice = tuple[str, str]  # its number and what it is
Sums = dict[Invoice, tuple[dt.datetime, dict[Role, Decimal]]]


def main() -> int:
    asked = _arguments()
    if not (asked.transactions and asked.expected):
        print("Nothing to book: give --transactions and --expected (see --help).")
        return 0
    expected = json.loads(asked.expected.read_text(encoding="utf-8"))
    before = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
        _book(asked.transactions)
        return _compare(expected)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--transactions", type=Path)
    parser.add_argument("--expected", type=Path)
    return parser.parse_args()


def _book(path: Path) -> None:
    clock = time.monotonic()
    count, invoices = _read(path)
    read = time.monotonic() - clock
    print(f"{count:,} rows read in {read:.1f} s: {len(invoices):,} invoices")
    drafts = list(_drafts(invoices))
    clock = time.monotonic()
    booked = posting.post_many(drafts)
    seconds = time.monotonic() - clock
    print(
        f"{booked:,} entries booked in {seconds:.1f} s, {booked / seconds:,.0f} entries a second"
        f" ({count / (seconds + read):,.0f} rows a second, reading included)"
    )
    again = posting.post_many(drafts)
    print(f"{again:,} entries booked when all was booked again")


def _read(path: Path) -> tuple[int, Sums]:
    """How many rows, and of every invoice its moment and its sums by account."""
    count: int = 0
    invoices: Sums = {}
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            count += 1
            if row["txn"] in ("sale", "cancellation"):
                role = Role.DELIVERY_CHARGED if row["line_kind"] == "shipping" else Role.SALES
                amount = Decimal(row["quantity"]) * Decimal(row["unit_price"])
                _at, sums = invoices.setdefault((row["invoice"], row["txn"]), _new(row))
                sums[role] += amount
    return count, invoices


def _new(row: Mapping[str, str]) -> tuple[dt.datetime, dict[Role, Decimal]]:
    at = dt.datetime.fromisoformat(row["invoice_at"]).replace(tzinfo=shop_zone())
    return at, defaultdict(Decimal)


def _drafts(invoices: Sums) -> Iterator[Draft]:
    for (number, txn), (at, sums) in invoices.items():
        event = Event(f"{number}-{txn}", at, "GBP", Decimal(1), abs(sum(sums.values())))
        if txn == "sale":
            yield sale_draft(event, [_share(role, amount) for role, amount in sums.items()])
        else:
            yield credit_draft(event, [_share(Role.CREDITS, -amount) for amount in sums.values()])


def _share(role: Role, net: Decimal) -> Share:
    return Share(role, UNTAXED, net, Decimal(0))


def _compare(expected: Mapping[str, Any]) -> int:
    """Print the journal's months beside the expected ones; 1 when anything differs."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS)
        months = {month: figures for month, *figures in cursor.fetchall()}
    is_equal = set(months) == set(expected["by_month"])
    print(
        f"{'month':9}{'sales':>16}{'expected':>16}{'credits':>14}{'net sales':>16}{'invoices':>10}"
    )
    for month, (sold, credited, invoices, rest) in months.items():
        wanted = expected["by_month"].get(month, {"revenue": 0, "orders": 0})
        fine = (_pence(sold), invoices) == (_pence(wanted["revenue"]), wanted["orders"])
        is_equal = is_equal and fine and not rest
        print(
            f"{month:9}{sold:>16,.2f}{_pence(wanted['revenue']):>16,.2f}{credited:>14,.2f}"
            f"{sold - credited:>16,.2f}{invoices:>10,}{'' if fine else '  differs'}"
        )
    given_back, wanted = -sum(month[1] for month in months.values()), expected["cancelled_value"]
    is_equal = is_equal and _pence(given_back) == _pence(wanted)
    print(f"credited {_pence(given_back):,.2f}, expected {_pence(wanted):,.2f}")
    print("equal" if is_equal else "NOT EQUAL")
    return 0 if is_equal else 1


def _pence(amount: Any) -> Decimal:
    return Decimal(str(amount)).quantize(PENNY)


if __name__ == "__main__":
    sys.exit(main())
