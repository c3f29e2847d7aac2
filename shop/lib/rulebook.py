"""Rows that seldom change, kept in the process for as long as the database says that they hold.

Promotions, taxes, ways of delivery and the like are asked for by every basket and changed now and
then. A trigger on their tables notes each change in `shop_change`, in the change's own transaction;
what the notes add up to is the version that everything here is kept under. So nothing is ever out
of date, whoever changed it and however, and no cache has to be told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections, models, router
from django.db.models import Func
from psycopg import sql

T = TypeVar("T")
Version = tuple[int, int]
# Tables that are kept from, by model; with the columns whose change changes no rule.
WATCHED = {
    "accounts.policyversion": (),
    "catalog.attributechoice": (),
    "catalog.category": (),
    "catalog.collection": (),
    "catalog.market": (),
    "catalog.pricelist": (),
    "catalog.producttype": (),
    "catalog.safetyparty": (),
    "catalog.sale": (),
    "catalog.taxclass": (),
    "catalog.taxrate": (),
    "catalog.taxregistration": (),
    "catalog.taxterritory": (),
    "channels.webhookendpoint": ("failures", "closed_until"),
    "marketing.benefit": (),
    "marketing.condition": (),
    "marketing.promotion": ("uses",),
    "orders.orderrule": (),
    "orders.returnrule": (),
    "orders.returnrule_categories": (),
    "orders.returnrule_collections": (),
    "payments.paymentmethod": (),
    "shipping.box": (),
    "shipping.carrier": (),
    "shipping.method": (),
    "shipping.method_categories": (),
    "shipping.method_not_categories": (),
    "shipping.method_not_products": (),
    "shipping.rate": (),
    "shipping.restriction": (),
    "shipping.restriction_categories": (),
    "shipping.restriction_products": (),
    "shipping.zone": (),
}
TRIGGER = "rulebook"
# Old notes are swept by new ones; two at once never wait for each other.
MAKE_NOTES = """
create table if not exists shop_change (
    id bigint generated always as identity primary key, at timestamptz not null default now()
);
create or replace function note_change() returns trigger language plpgsql as $$ begin
    insert into shop_change default values;
    delete from shop_change where id in (
        select id from shop_change where at < now() - interval '1 hour'
        order by id limit 50 for update skip locked
    );
    return null;
end $$
"""
MAKE_TRIGGER = """
create or replace trigger {trigger}
after insert or delete or truncate or update of {columns} on {table}
for each statement execute function note_change({told})
"""
THERE = """
select tgrelid::regclass::text, tgargs from pg_trigger where tgname = %s and not tgisinternal
"""
VERSION = "select count(*), coalesce(sum(id), 0)::bigint from shop_change"


class _Memory:
    """What is kept, under one version."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.found: dict[str, Any] = {}


_memory = _Memory((0, 0))
_moment: ContextVar[list[Version] | None] = ContextVar("rulebook_moment", default=None)


def kept(name: str, make: Callable[[], T], *, is_fresh: bool = False, at: Sequence[int] = ()) -> T:
    """What was made under this name, made anew once something watched has changed.

    What is kept is shared: nobody may change it, and it may hold no words in a language. is_fresh:
    the database is asked for the version now, whatever it was a moment ago; at: it was just asked,
    by VersionNow beside what this has to fit.
    """
    global _memory  # noqa: PLW0603 - exchanged as a whole, so that threads see one or the other
    # Read before the rows: what changes in between is filed under the old version.
    version = (at[0], at[1]) if at else _version(is_fresh=is_fresh)
    memory = _memory
    if memory.version != version:
        memory = _memory = _Memory(version)
    if name not in memory.found:
        memory.found[name] = make()
    found: T = memory.found[name]
    return found


@contextmanager
def one_moment(*, is_new: bool = False) -> Iterator[None]:
    """Within, the version is asked for once: rules are those of one moment.

    It joins the moment that it is called in, unless it is to be a new one.
    """
    if _moment.get() is not None and not is_new:
        yield
        return
    token = _moment.set([])
    try:
        yield
    finally:
        _moment.reset(token)


class VersionNow(Func):
    """The version as a column of a query that is asked anyhow: see told()."""

    template = "(select array[count(*), coalesce(sum(id), 0)::bigint] from shop_change)"
    arity = 0
    output_field = ArrayField(models.BigIntegerField())


def told(version: Sequence[int]) -> None:
    """What VersionNow said, first thing in a moment that has not asked itself."""
    known = _moment.get()
    if known is not None and not known:
        known.append((version[0], version[1]))


def _version(*, is_fresh: bool) -> Version:
    known = _moment.get()
    if known and not is_fresh:
        return known[0]
    version = _asked()
    if known is not None and not known:
        known.append(version)
    return version


def _asked() -> Version:
    # From where the rows are read, too: a copy of the database has its own idea of now.
    alias = router.db_for_read(apps.get_model("catalog", "market"))
    with connections[alias].cursor() as cursor:
        cursor.execute(VERSION)
        version: Version = cursor.fetchone()
    return version


def install(**_about: object) -> None:
    """Give every watched table its trigger; those that have it are left alone."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('shop_change') is null")
        if (cursor.fetchone() or (True,))[0]:
            cursor.execute(MAKE_NOTES)
        cursor.execute(THERE, [TRIGGER])
        there = {table: bytes(told) for table, told in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
        for label, left_out in WATCHED.items():
            meta = apps.get_model(label)._meta  # noqa: SLF001
            columns = [
                str(one.column) for one in meta.concrete_fields if one.column not in left_out
            ]
            if meta.db_table in tables and there.get(meta.db_table) != _as_kept(columns):
                cursor.execute(_trigger(meta.db_table, columns))


def _trigger(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL(MAKE_TRIGGER).format(
        trigger=sql.Identifier(TRIGGER),
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        # By which it is known whether the trigger has them all.
        told=sql.SQL(", ").join(map(sql.Literal, columns)),
    )


def _as_kept(told: list[str]) -> bytes:
    """A trigger's arguments as PostgreSQL keeps them."""
    return b"".join(name.encode() + b"\0" for name in told)
