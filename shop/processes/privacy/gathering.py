"""Everything the shop knows about somebody, table by table, as the map says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import FileField, Model, Q, QuerySet

from shop.processes.privacy.fields import FIELDS, Kind
from shop.processes.privacy.person import Person
from shop.processes.privacy.whose import rows_of

# Rows with nothing personal in their own fields that are somebody's all the same.
MORE: dict[str, Callable[[Person], Q]] = {
    "accounts.PolicyAcceptance": lambda person: Q(customer__in=person.customers),
    "orders.TaxLine": lambda person: Q(order__in=person.orders),
    "orders.WishlistLine": lambda person: Q(wishlist__user__in=person.users),
}
# What rows point at that says something to their owner.
NAMED = ("market", "policy", "product", "text", "variant", "purpose")
# Tables of keys and of others' words: nothing in them is for the person to read.
NOT_TOLD = (
    "audit.Entry",
    "admin.LogEntry",
    "payments.BankLine",
    "payments.PayoutLine",
    "payments.JournalEntry",
    "channels.OrderImport",
)


@dataclass(slots=True)
class Table:
    """Rows of one kind. files: where in storage what they name lies."""

    label: str
    title: str
    rows: list[dict[str, Any]]
    files: list[str] = field(default_factory=list)


def tables(person: Person) -> Iterator[Table]:
    """Tables with rows, in a fixed order."""
    for label in sorted(FIELDS.keys() - set(NOT_TOLD)):
        about = FIELDS[label]
        told = {name for name, one in about.items() if one.is_exported}
        if told:
            hidden = about.keys() - told
            rows = rows_of(person, label)
            if label == "outbox.Mail":
                # What was written about an order to others is for them.
                rows = rows.filter(to__in=(*person.emails, *person.typed))
            yield from _table(label, rows, hidden=set(hidden))
    for label, find in MORE.items():
        yield from _table(label, apps.get_model(label).objects.filter(find(person)), hidden=set())


def _table(label: str, rows: "QuerySet[Any]", *, hidden: set[str]) -> Iterator[Table]:
    found = list(rows.order_by("pk").distinct())
    if found:
        model = apps.get_model(label)
        title = str(model._meta.verbose_name_plural)  # noqa: SLF001
        told = [dict(_told(row, hidden)) for row in found]
        yield Table(label, title, told, list(_files(label, found)))


def _told(row: Model, hidden: set[str]) -> Iterator[tuple[str, Any]]:
    """Fields with their names in words; keys and other rows' numbers are left out."""
    for one in row._meta.concrete_fields:  # noqa: SLF001
        if one.name in hidden or one.primary_key:
            continue
        if one.remote_field is None:
            value = getattr(row, one.name)
            yield str(one.verbose_name), value.name if isinstance(one, FileField) else value
        elif one.name in NAMED and getattr(row, one.attname):
            yield str(one.verbose_name), str(getattr(row, one.name))


def _files(label: str, rows: list[Model]) -> Iterator[str]:
    for name, about in FIELDS.get(label, {}).items():
        if about.is_exported and (about.kind == Kind.FILE or name == "pdf"):
            yield from (str(getattr(row, name).name) for row in rows if getattr(row, name))
