"""Row locks, always in one order, so that two processes queue up instead of deadlocking."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction

from shop.lib.prepared import Prepared

M = TypeVar("M", bound=models.Model)
P = ParamSpec("P")
R = TypeVar("R")


class NotInTransaction(RuntimeError):
    """Raised when rows are to be locked outside a transaction: the lock would not last."""


def locked(rows: "models.QuerySet[M]") -> list[M]:
    """Fetch the rows FOR UPDATE in primary-key order, whatever order the caller thinks in.

    Rows with others beside them (`select_related`) are locked first and read then. In one go
    PostgreSQL would show the others of before the wait: of a cart that was given to another
    customer meanwhile it would find no customer at all.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(rows.model.__name__)
    rows = rows.order_by("pk")
    held = rows.select_for_update(of=("self",))
    if not rows.query.select_related:
        return list(held)
    keys = [row.pk for row in held.select_related(None).only("pk")]
    return list(rows.filter(pk__in=keys)) if keys else []


def locked_as(query: Prepared, **values: Any) -> list[Any]:
    """The same for a prepared query, which says itself what it locks and in which order.

    It joins nothing that another process may exchange.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction
    return query.rows(**values)


def in_one(function: Callable[P, R]) -> Callable[P, R]:
    """Run it in the caller's transaction, or in one of its own.

    Other than `atomic` it sets no savepoint: for what refuses before it writes anything, so that
    whoever catches the refusal has nothing to roll back.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        with transaction.atomic():
            return function(*args, **kwargs)

    return run


def try_singleton(name: str) -> bool:
    """Take an advisory lock for the length of this transaction; False when another holds it."""
    transaction.get_connection().ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [name])
        return bool(cursor.fetchone()[0])
