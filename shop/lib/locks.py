"""Row locks, always in one order, so that two processes queue up instead of deadlocking."""

from typing import TypeVar

from django.db import connection, models, transaction

M = TypeVar("M", bound=models.Model)


class NotInTransaction(RuntimeError):
    """Raised when rows are to be locked outside a transaction: the lock would not last."""


def locked(rows: "models.QuerySet[M]") -> list[M]:
    """Fetch the rows FOR UPDATE in primary-key order, whatever order the caller thinks in."""
    if not connection.in_atomic_block:
        raise NotInTransaction(rows.model.__name__)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def try_singleton(name: str) -> bool:
    """Take an advisory lock for the length of this transaction; False when another holds it."""
    transaction.get_connection().ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [name])
        return bool(cursor.fetchone()[0])
