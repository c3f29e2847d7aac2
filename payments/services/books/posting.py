"""Writing the journal: each event once, many in one statement, nothing into a closed month."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from payments.models import JournalEntry, MonthClose
from payments.services.books import chart
from payments.services.books.drafts import Draft, Line, in_books, opposite
from payments.services.books.roles import Role
from shop.lib.batches import in_batches
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day

AT_ONCE = 2_000
CLOSED = "journal_month_is_open"
# Entries and their lines in one statement. An event that is booked, or being booked by somebody
# else (then this waits), leaves nothing behind.
WRITE = """
with line as (
    select * from unnest(
        %s::text[], %s::bigint[], %s::numeric[], %s::numeric[], %s::text[], %s::text[],
        %s::numeric[]
    ) as line(source, account_id, amount, base, country, region, tax_rate)
), entry as (
    insert into payments_journalentry
        (kind, source, "on", at, currency, rate, order_id, memo, actor_id, reverses_id)
    select * from unnest(
        %s::text[], %s::text[], %s::date[], %s::timestamptz[], %s::text[], %s::numeric[],
        %s::bigint[], %s::text[], %s::bigint[], %s::bigint[]
    )
    on conflict (source) do nothing
    returning id, source
), written as (
    insert into payments_journalline
        (entry_id, account_id, amount, base, country, region, tax_rate)
    select entry.id, account_id, amount, base, country, region, tax_rate
    from line join entry using (source)
)
select id from entry
"""


class MonthIsClosed(Refused):
    """Raised when something would be booked into a month whose books are closed."""


class ReversedBefore(Refused):
    """Raised when an entry is to be reversed that was already."""


def day_for(day: dt.date, *, now: dt.datetime) -> dt.date:
    """The day to book something under that is heard of late: today once its month is closed."""
    month = day.replace(day=1)
    is_closed = MonthClose.objects.filter(month=month, opened_at=None).exists()
    return shop_day(now) if is_closed else day


def post(draft: Draft) -> int | None:
    """Book an event, once. The new entry's id; None when it was booked before, or is of nothing.

    Raises MonthIsClosed. Two queries.
    """
    return next(iter(_write([draft])), None)


def post_as(draft: Draft, actor: User | None) -> JournalEntry | None:
    """The same for a person, who wants to see the entry."""
    found = post(replace(draft, actor_id=actor.pk if actor else None))
    return None if found is None else JournalEntry.objects.get(pk=found)


@transaction.atomic
def post_many(drafts: Sequence[Draft]) -> int:
    """Book what is not booked yet; returns how many entries were new. Raises MonthIsClosed."""
    return sum(len(_write(some)) for some in in_batches(drafts, AT_ONCE))


def _write(drafts: Iterable[Draft]) -> list[int]:
    drafts = [draft for draft in drafts if draft.lines]
    if not drafts:
        return []
    accounts, currency = chart.accounts(), chart.books_currency()
    lines = [
        _line(draft, line, base, accounts)
        for draft in drafts
        for line, base in zip(draft.lines, in_books(draft, currency), strict=True)
    ]
    entries = [_entry(draft) for draft in drafts]
    try:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [*_columns(lines), *_columns(entries)])
            return [pk for (pk,) in cursor.fetchall()]
    except IntegrityError as error:
        if CLOSED in _constraint(error):
            raise MonthIsClosed(_("The books of that month are closed.")) from error
        raise


def _entry(draft: Draft) -> tuple[Any, ...]:
    names = (str(draft.kind), draft.source, draft.on, draft.at, draft.currency, draft.rate)
    return (*names, draft.order_id, draft.memo[:200], draft.actor_id, draft.reverses_id)


def _line(draft: Draft, line: Line, base: Decimal, accounts: dict[Role, int]) -> tuple[Any, ...]:
    account = accounts[line.account] if isinstance(line.account, Role) else line.account
    place = (line.country, line.region, line.tax_rate)
    return (draft.source, account, line.amount, base, *place)


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _constraint(error: IntegrityError) -> str:
    """The name of what the database refused by."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") or ""


@transaction.atomic
def reverse(
    *, entry: JournalEntry, reason: str, actor: User | None, now: dt.datetime
) -> JournalEntry:
    """Undo an entry by its opposite, today. Raises ReversedBefore or MonthIsClosed."""
    lines = entry.lines.order_by("pk")
    draft = Draft(
        kind=JournalEntry.Kind.REVERSAL,
        source=f"entry-{entry.pk}-reversed",
        on=shop_day(now),
        at=now,
        currency=entry.currency,
        rate=entry.rate,
        lines=opposite(
            Line(one.account_id, one.amount, one.country, one.region, one.tax_rate, one.base)
            for one in lines
        ),
        order_id=entry.order_id,
        memo=reason,
        reverses_id=entry.pk,
    )
    reversal = post_as(draft, actor)
    if reversal is None:
        raise ReversedBefore(_("This entry was reversed before."))
    return reversal
