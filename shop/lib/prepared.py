"""Queries whose SQL is made once.

Django builds the SQL of a query anew each time it runs, which costs more than running it: two to
ten milliseconds for one with subqueries. A `Prepared` query builds it once in a process and then
only fills in values. PostgreSQL keeps the statement too, where the connection lets it
(`prepare_threshold`), and plans it once.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.models import QuerySet
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

from shop.lib import statements

Build = Callable[..., "QuerySet[Any, Any]"]
MARK = re.compile(r"%[s%]")
EPOCH = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)
# What stands for a value while the SQL is made: its type there, and values told apart by a number.
STAND_INS: Mapping[type, tuple[str, Callable[[int], Any]]] = {
    int: ("bigint", lambda n: 1_970_000_000 + n),
    str: ("text", lambda n: f"stand-in-{n}"),
    Decimal: ("numeric", lambda n: Decimal(1_970_000 + n)),
    UUID: ("uuid", lambda n: UUID(int=1_970_000_000 + n)),
    dt.datetime: ("timestamptz", lambda n: EPOCH + dt.timedelta(days=n, microseconds=n)),
    dt.date: ("date", lambda n: EPOCH.date() + dt.timedelta(days=n)),
}


class CannotPrepare(Exception):
    """Raised when the SQL depends on a value in another way than by holding it."""


@dataclass(frozen=True, slots=True)
class _Plan:
    statement: str
    queryset: Any
    compiler: Any
    converters: Any

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        """As the queryset would, with a compiler that has its rows already."""
        alias = self.queryset.db
        compiler = copy(self.compiler)
        compiler.connection = connections[alias]
        rows = statements.run(compiler.connection, self.statement, values)
        compiler.execute_sql = lambda *_args, **_options: [rows]
        compiler.get_converters = lambda _columns: self.converters
        query = SimpleNamespace(get_compiler=lambda *_args, **_options: compiler)
        source = SimpleNamespace(db=alias, query=query, _known_related_objects={})
        return list(self.queryset._iterable_class(source))  # noqa: SLF001 - Django has no other door


class Prepared:
    """A query with places: `Prepared(lambda product: Variant.objects.filter(product=product))`.

    Its values are keys, not rows, and lists of keys for `__in`; nothing that the shape of the SQL
    depends on but what is None, True or False.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._plans: dict[tuple[Any, ...], _Plan] = {}

    def rows(self, **values: Any) -> list[Any]:
        """What the query finds, in the form that it asks for."""
        shape = tuple((name, _shape(value)) for name, value in values.items())
        plan = self._plans.get(shape)
        if plan is None:
            plan = self._plans[shape] = _plan(self._build, values)
        return plan.run({name: _sent(value) for name, value in values.items()})

    def first(self, **values: Any) -> Any:
        """The first of what is found; None for nothing."""
        return next(iter(self.rows(**values)), None)


def known(row: models.Model, **related: Sequence[models.Model]) -> None:
    """Tell a row what belongs to it, as if that had been prefetched: {name: rows}."""
    kept = row.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in related.items():
        model: Any = row._meta.get_field(name).related_model  # noqa: SLF001
        found = model._default_manager.all()  # noqa: SLF001
        found._result_cache, found._prefetch_done = list(rows), True  # noqa: SLF001
        kept[name] = found


def _shape(value: Any) -> Any:
    """What another plan is needed for."""
    return value if value is None or isinstance(value, bool) else type(value)


def _sent(value: Any) -> Any:
    """A number's type would follow its size, and each type be another statement."""
    if isinstance(value, list):
        return [_sent(one) for one in value]
    return Int8(value) if type(value) is int else value


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes: its SQL, and what stands in for it in the two queries that are compared."""

    text: str
    first: Any
    again: Any


def _place(name: str, value: Any, number: int) -> _Place | None:
    if value is None or isinstance(value, bool):
        return None
    one = value[0] if isinstance(value, list) and value else value
    kind, stand_in = STAND_INS[int if isinstance(one, list) else type(one)]
    return _Place(f"%({name})s::{kind}", stand_in(100 + number), stand_in(500 + number))


def _plan(build: Build, values: Mapping[str, Any]) -> _Plan:
    """Made twice, with other stand-ins: all that changes has to be them."""
    places = {name: _place(name, one, n) for n, (name, one) in enumerate(values.items())}
    querysets = [
        build(**{name: _filled(one, places[name], which) for name, one in values.items()})
        for which in ("first", "again")
    ]
    compilers = [one.query.get_compiler(using=one.db) for one in querysets]
    (text, params), (other_text, others) = (one.as_sql() for one in compilers)
    compilers[0].connection.ensure_connection()
    written = _Written([one for one in places.values() if one], compilers[0].connection.connection)
    marks = iter([written.of(*pair) for pair in zip(params, others, strict=True)])
    if text != other_text or len(written.used) < len(written.places):
        raise CannotPrepare(text)
    statement = MARK.sub(lambda mark: "%%" if mark[0] == "%%" else next(marks), text)
    for name, value in values.items():
        if isinstance(value, list) and (place := places[name]):
            statement = _any_of(statement, place.text)
    made = compilers[0]
    converters = made.get_converters([column[0] for column in made.select[: made.col_count]])
    return _Plan(statement, querysets[0], made, converters)


def _filled(value: Any, place: _Place | None, which: str) -> Any:
    if place is None:
        return value
    one = getattr(place, which)
    return [one] if isinstance(value, list) else one


def _any_of(statement: str, place: str) -> str:
    """One array in the place of a list, so that its length does not matter."""
    found = statement.replace(f"IN ({place})", f"= ANY({place}[])")
    if found.count(place) != found.count(f"ANY({place}[])"):
        raise CannotPrepare(statement)
    return found


class _Written:
    """Writes parameters into the SQL: places for values, and the query's own as they are."""

    def __init__(self, places: list[_Place], connection: Any) -> None:
        self.places = {(type(one.first), one.first, one.again): one.text for one in places}
        self.used: set[str] = set()
        self._connection = connection

    def of(self, one: Any, other: Any) -> str:
        if isinstance(one, list | tuple):
            return f"ARRAY[{','.join(map(self.of, one, other))}]"
        place = self.places.get((type(one), one, other)) if one.__hash__ else None
        if place is not None:
            self.used.add(place)
            return place
        if repr(one) != repr(other):
            raise CannotPrepare(repr(one))
        return Literal(one).as_string(self._connection).replace("%", "%%")
