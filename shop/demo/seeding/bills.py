"""What a small pottery spends in a year."""

import calendar
import datetime as dt
from decimal import Decimal

from payments.services import expenses
from payments.services.books import chart
from payments.services.books.roles import Role
from payments.services.expenses import Facts

MONTHS = 12
VAT = Decimal("0.20")
# account, supplier, net a month, is taxed, day of the month
MONTHLY = (
    ("6200", "Old Tile Works Estate", "1450.00", False, 1),
    ("6300", "Wages", "4650.00", False, 27),
    ("6210", "Northern Power & Gas", "612.40", True, 12),
    ("6010", "Kraft Carton Co.", "288.75", True, 9),
    ("6000", "Royal Mail account", "742.10", True, 15),
    ("6100", "Search adverts", "395.00", True, 20),
    ("6400", "Software", "138.00", True, 5),
    ("6500", "Bell & Harrow, accountants", "165.00", True, 22),
)
# So that no two months look alike: per cent on the net, by month.
SEASON = (-6, -4, 0, 2, -1, 3, -8, -5, 4, 9, 18, 14)
STEADY = {"6200", "6300", "6400", "6500"}


def fill(*, now: dt.datetime, today: dt.date) -> None:
    """Enter the bills of the last twelve months, up to today."""
    accounts = {one.code: one for one in expenses.categories()}
    bank, currency = chart.account(Role.BANK), chart.books_currency()
    for first in _months(today):
        for code, supplier, net, is_taxed, day in MONTHLY:
            on = first.replace(day=min(day, calendar.monthrange(first.year, first.month)[1]))
            if on > today:
                continue
            amount = Decimal(net) if code in STEADY else _seasonal(Decimal(net), on)
            tax = (amount * VAT).quantize(Decimal("0.01")) if is_taxed else Decimal(0)
            facts = Facts(
                account=accounts[code],
                paid_from=bank,
                on=on,
                supplier=supplier,
                currency=currency,
                net=amount,
                tax=tax,
                reference=f"{on:%Y-%m}",
            )
            expenses.enter(facts=facts, actor=None, now=now)


def _months(today: dt.date) -> list[dt.date]:
    first = today.replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        first = (first - dt.timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]


def _seasonal(net: Decimal, on: dt.date) -> Decimal:
    share = 1 + Decimal(SEASON[on.month - 1]) / 100
    return (net * share).quantize(Decimal("0.01"))
