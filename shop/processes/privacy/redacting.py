"""Carry out what the map says: rows that go, fields that are emptied, files that are deleted."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model

from shop.audit.models import Entry
from shop.processes.privacy.fields import FIELDS, OnErase, Personal
from shop.processes.privacy.person import Person
from shop.processes.privacy.whose import rows_of

# What points at others goes before them; the rest in any order.
LAST = ("orders.Cart", "account.EmailAddress", "accounts.User", "accounts.Customer")
# Found by what others say, so done while these still say it.
FIRST = ("sessions.Session", "accounts.VatCheck", "orders.Upload", "orders.CartLine")


def in_order() -> list[str]:
    """The tables of the map in the order they are forgotten."""
    middle = [label for label in FIELDS if label not in (*FIRST, *LAST)]
    return [*FIRST, *middle, *LAST]


def files_of(person: Person) -> Iterator[str]:
    """Names of the person's files in storage; those tax law keeps are left out."""
    for label, fields in FIELDS.items():
        for name, about in fields.items():
            if about.on_erase != OnErase.KEEP_TAX and _is_file(label, name):
                yield from filter(None, rows_of(person, label).values_list(name, flat=True))


def forget(person: Person, label: str) -> tuple[str, int]:
    """Do to one table what the map says. Returns what was done, and to how many rows."""
    fields, pks = (
        FIELDS[label],
        list(rows_of(person, label).values_list("pk", flat=True).distinct()),
    )
    model = apps.get_model(label)
    rows = model.objects.filter(pk__in=pks)
    _off_the_record(model, pks)
    if any(about.on_erase == OnErase.DELETE for about in fields.values()):
        rows.delete()
        return "deleted", len(pks)
    if emptied := emptying(model, fields):
        rows.update(**emptied)
        return "emptied", len(pks)
    return "kept", len(pks)


def _off_the_record(model: type[Model], pks: list[Any]) -> None:
    """What the audit log says of these rows; that something was done to them stays."""
    entries = Entry.objects.filter(table=table_of(model), row__in=[str(pk) for pk in pks])
    entries.update(before=None, after=None)


def emptying(model: type[Model], fields: dict[str, Personal]) -> dict[str, Any]:
    """What is put into which field."""
    found = {}
    for name, about in fields.items():
        if about.on_erase == OnErase.BLANK:
            found[name] = _nothing(field_of(model, name))
        elif about.on_erase == OnErase.ANONYMISE and about.put is not None:
            found[name] = about.put
    return found


def _nothing(field: Any) -> Any:
    if field.null:
        return None
    if field.get_internal_type() == "JSONField":
        return field.get_default() if field.has_default() else {}
    return [] if hasattr(field, "base_field") else ""


def _is_file(label: str, name: str) -> bool:
    return isinstance(field_of(apps.get_model(label), name), FileField)


def table_of(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001


def field_of(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)  # noqa: SLF001
