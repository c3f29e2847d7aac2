"""Who acts, and what they did: said to the database, and written into the log."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest

from shop.audit.models import Entry
from shop.lib.http import client_address

NOBODY = ""
Execute = Callable[..., Any]
# Whatever else a statement is, it may write.
READS = re.compile(
    r"\s*(select|savepoint|release|rollback|explain|declare|fetch|close)\b", re.IGNORECASE
)
PATH = 300
NAME = 254
# What the database of this thread has been told, as text.
_said: ContextVar[str] = ContextVar("said", default=NOBODY)


def note(
    *,
    kind: Entry.Kind,
    act: str,
    actor: AbstractBaseUser | None,
    now: dt.datetime,
    request_address: str | None = None,
    path: str = "",
    table: str = "",
    row: str = "",
    count: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    name: str = "",
) -> Entry:
    """Write down what is no change of a row: a read, an export, a sign-in.

    name: who it was when there is no account: "API key Till".
    """
    return Entry.objects.create(
        at=now,
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=_name(actor, name),
        address=request_address or None,
        act=act[:80],
        table=table[:80],
        row=str(row)[:80],
        before=before,
        after=after,
        count=count,
        path=path[:PATH],
    )


def noted(
    request: HttpRequest,
    *,
    kind: Entry.Kind,
    act: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None = None,
    **told: Any,
) -> Entry:
    """As note(), by whoever sent this request, unless `actor` names another."""
    user = getattr(request, "user", None)
    if actor is None and isinstance(user, AbstractBaseUser):
        actor = user
    where = client_address(request)
    path = request.path
    return note(kind=kind, act=act, actor=actor, now=now, request_address=where, path=path, **told)


@contextmanager
def acting(
    actor: AbstractBaseUser | None, address: str | None = None, path: str = "", *, name: str = ""
) -> Iterator[None]:
    """While this lasts, every row written on this thread's connection is on record as theirs.

    Enter it outside of transactions; name: as in note(), for what acts without an account.
    """
    who = {
        "id": actor.pk if actor else None,
        "name": _name(actor, name),
        "address": address or None,
        "path": path[:PATH],
    }
    before = _said.get()
    if settings.DATABASE_POOLED:
        with _said_with_every_write(json.dumps(who)):
            yield
        return
    _say(json.dumps(who))
    try:
        yield
    finally:
        _say(before)


@contextmanager
def _said_with_every_write(words: str) -> Iterator[None]:
    """Behind a pool of transactions a session is nobody's own: what is said must end with a transaction.

    Said to the session, it would reach whoever gets this connection next, and not the next statement.
    """

    def tell(execute: Execute, statement: str, *about: Any) -> Any:
        if READS.match(statement):
            return execute(statement, *about)
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            _set("mercer.actor", words, is_local=True)
            return execute(statement, *about)

    with connection.execute_wrapper(tell):
        yield


@contextmanager
def working_for(actor_id: int | None, path: str) -> Iterator[None]:
    """As acting(), for a worker that does what somebody of the staff asked for; path: the task."""
    actor = get_user_model().objects.filter(pk=actor_id or 0).first()
    if actor is None:
        yield
        return
    with acting(actor, None, path):
        yield


@contextmanager
def erasing() -> Iterator[None]:
    """While this lasts the log may be changed and keeps nothing of what rows said.

    For the law's erasing and for retention alone; in a transaction.
    """
    with transaction.atomic():
        _set("mercer.erasing", "on", is_local=True)
        yield
        _set("mercer.erasing", "", is_local=True)


def say_again(**_about: object) -> None:
    """A connection that is opened anew in the middle of an act hears who acts."""
    if _said.get():
        _set("mercer.actor", _said.get())


def _say(words: str) -> None:
    _said.set(words)
    # A closed connection has nothing to forget; a spoilt transaction takes its settings with it.
    if words == NOBODY and (connection.connection is None or connection.needs_rollback):
        return
    try:
        _set("mercer.actor", words)
    except (DatabaseError, InterfaceError):
        if words:
            raise
        # It broke; whoever comes next gets another.
        connection.close()


def _set(setting: str, words: str, *, is_local: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config(%s, %s, %s)", [setting, words, is_local])


def _name(actor: AbstractBaseUser | None, name: str) -> str:
    return (name or (actor.get_username() if actor else ""))[:NAME]
