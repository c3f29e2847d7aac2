"""Which tables keep a record of what staff do to them, and which of their columns nobody reads."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from psycopg import sql

from shop.lib.secrets import SecretField

# Frameworks' own books, and the log itself.
APPS_LEFT_OUT = {"admin", "audit", "contenttypes", "sessions", "usersessions"}
# Made by the shop from other rows, which are on record; or rows on their way out.
TABLES_LEFT_OUT = {
    "analytics_soldinmonth",
    "auth_permission",
    "catalog_card",
    "catalog_facet",
    "catalog_word",
    "outbox_message",
}
HISTORY = "historical"
# Their values are never written down, only that they changed.
SECRET_KINDS = (models.BinaryField, SearchVectorField, SecretField)
SECRET_NAMES = {
    "collect_code",
    "key_hash",
    "password",
    "request_hash",
    "secret",
    "share_key",
    "token",
    "token_secret",
}
SECRET_COLUMNS = {
    ("account_emailconfirmation", "key"),
    ("channels_apicall", "answer"),
    ("inventory_licencekey", "code"),
    ("mfa_authenticator", "data"),
    ("socialaccount_socialaccount", "extra_data"),
    ("socialaccount_socialapp", "key"),
}
TRIGGER = "audit"
THERE = """
select t.tgrelid::regclass::text, t.tgargs from pg_trigger t
where t.tgname = %s and not t.tgisinternal
"""
# `when` is asked before anything is called: what nobody signed in does costs next to nothing.
MAKE = """
create or replace trigger {trigger} after insert or update or delete on {table}
for each row when (current_setting('mercer.actor', true) <> '')
execute function audit_row({told})
"""


def watched() -> Iterator[type[models.Model]]:
    """Every model whose rows are on record, with the tables between two models."""
    for config in apps.get_app_configs():
        if config.label in APPS_LEFT_OUT:
            continue
        for model in config.get_models(include_auto_created=True):
            if _is_watched(model):
                yield model


def _is_watched(model: type[models.Model]) -> bool:
    meta = model._meta  # noqa: SLF001
    is_history = str(meta.model_name).startswith(HISTORY)
    return meta.managed and not is_history and meta.db_table not in TABLES_LEFT_OUT


def secrets_of(model: type[models.Model]) -> list[str]:
    """The columns whose values are never written down."""
    meta = model._meta  # noqa: SLF001
    return [
        str(field.column)
        for field in meta.concrete_fields
        if isinstance(field, SECRET_KINDS)
        or field.column in SECRET_NAMES
        or (meta.db_table, field.column) in SECRET_COLUMNS
    ]


def install(**_about: object) -> None:
    """Give every table its trigger, as it is written here. Tables that have it are left alone."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regproc('audit_row') is not null")
        (has_function,) = cursor.fetchone() or (False,)
        if not has_function:
            return
        cursor.execute(THERE, [TRIGGER])
        there = {table: bytes(told) for table, told in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
        for model in watched():
            meta = model._meta  # noqa: SLF001
            told = [str(meta.pk.column), *secrets_of(model)]
            if meta.db_table in tables and there.get(meta.db_table) != _as_kept(told):
                cursor.execute(_statement(meta.db_table, told))


def _as_kept(told: list[str]) -> bytes:
    """A trigger's arguments as PostgreSQL keeps them."""
    return b"".join(name.encode() + b"\0" for name in told)


def _statement(table: str, told: list[str]) -> sql.Composed:
    return sql.SQL(MAKE).format(
        trigger=sql.Identifier(TRIGGER),
        table=sql.Identifier(table),
        told=sql.SQL(", ").join(sql.Literal(name) for name in told),
    )
