"""The accounts of the books, made from the chart when they are first needed."""

import datetime as dt
from decimal import Decimal

from catalog.queries.markets import main_market
from catalog.queries.rates import exchange_rate
from payments.models import LedgerAccount
from payments.services.books.roles import CHART, Role

FALLBACK = "GBP"


def accounts() -> dict[Role, int]:
    """The account of every role, by its id. One query, once the chart is there."""
    found = _known()
    if len(found) < len(Role):
        ensure()
        found = _known()
    return found


def _known() -> dict[Role, int]:
    rows = LedgerAccount.objects.exclude(role=None).values_list("role", "pk")
    return {Role(role): pk for role, pk in rows if role}


def account(role: Role) -> LedgerAccount:
    """The account of a role."""
    return LedgerAccount.objects.get(pk=accounts()[role])


def ensure() -> None:
    """Write what is missing of the chart; accounts that were renamed or renumbered stay so.

    A number of the chart that somebody gave away is passed over for the next free one.
    """
    roles = set(LedgerAccount.objects.exclude(role=None).values_list("role", flat=True))
    numbers = set(LedgerAccount.objects.values_list("code", flat=True))
    missing = []
    for role, code, name, kind in CHART:
        if role in roles or (role is None and code in numbers):
            continue
        while code in numbers:
            code = str(int(code) + 1)  # noqa: PLW2901
        numbers.add(code)
        missing.append(LedgerAccount(role=role, code=code, name=name, kind=kind))
    # Two at once write the same rows: whoever comes second finds them there.
    LedgerAccount.objects.bulk_create(missing, ignore_conflicts=True)


def books_currency() -> str:
    """What the books are kept in: the main market's currency."""
    main = main_market()
    return main.currency if main else FALLBACK


def rate_of(currency: str, now: dt.datetime) -> Decimal:
    """Units of the books' currency for one of this; 1 where no rate is on file."""
    return exchange_rate(currency, now) or Decimal(1)
