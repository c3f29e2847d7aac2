"""What the journal says, in the fewest words."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection

from payments.models import JournalEntry, JournalLine

GUARDED = (
    "payments_journalentry",
    "payments_journalline",
    "payments_paymentevent",
    "payments_grantedrefund",
    "payments_grantedline",
)


def booked(source):
    """{role: amount} of an entry."""
    lines = JournalLine.objects.filter(entry__source=source)
    sums = defaultdict(Decimal)
    for role, amount in lines.values_list("account__role", "amount"):
        sums[role] += amount
    return dict(sums)


def balance(role, *, base=False, **entry):
    """What is on an account, of entries with these fields."""
    wanted = {f"entry__{name}": value for name, value in entry.items()}
    lines = JournalLine.objects.filter(account__role=role, **wanted)
    amounts = lines.values_list("base" if base else "amount", flat=True)
    return sum(amounts, Decimal(0))


def journal():
    """All of it, without what only says when it was written."""
    return sorted(
        (
            (one.source, one.kind, one.on, one.currency, one.rate, one.order_id),
            sorted(
                one.lines.values_list("account__code", "amount", "base", "country", "tax_rate"),
                key=str,
            ),
        )
        for one in JournalEntry.objects.all()
    )


def check_now():
    """Let the database check what it would at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def forget_all():
    """Empty the journal, as if the books had not begun."""
    check_now()
    with connection.cursor() as cursor:
        cursor.execute("truncate payments_journalline, payments_journalentry cascade")


def unguarded(*statements):
    """Run what the triggers of the books would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in GUARDED:
            cursor.execute(f"alter table {table} disable trigger user")
        for statement in statements:
            cursor.execute(statement)
        for table in GUARDED:
            cursor.execute(f"alter table {table} enable trigger user")
        cursor.execute("set constraints all deferred")
