"""Customers from a table, found by e-mail: made where they are new, changed where they are known.

What somebody agreed to, and their login, are theirs: no file changes them.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import Customer, CustomerGroup
from accounts.services import news
from shop.lib import csvrows
from shop.lib.batches import read_in_parts
from shop.lib.csvfiles import Row
from shop.lib.csvrows import RowsRefused, at
from shop.lib.locks import locked
from shop.lib.text import clean

KEY = "email"
TEXTS = ("name", "company", "language")
COLUMNS = (KEY, *TEXTS, "groups", "tags")
MOST_TAG = 40
AT_ONCE = 500


def rows() -> Iterator[tuple[str, ...]]:
    """All customers who are not forgotten, in the order of COLUMNS."""
    found = Customer.objects.filter(erased_at=None).prefetch_related("groups").order_by("pk")
    for one in read_in_parts(found, AT_ONCE):
        groups = ", ".join(sorted(group.code for group in one.groups.all()))
        yield (one.email, one.name, one.company, one.language, groups, ", ".join(one.tags))


@transaction.atomic
def take(*, path: Path, now: dt.datetime) -> int:
    """Take a table as a whole; returns how many customers it made or changed.

    Raises RowsRefused, and has changed nothing then.
    """
    told = csvrows.read(path, needed=[KEY])
    emails = _emails(told)
    groups = {one.code: one for one in CustomerGroup.objects.all()}
    known = {
        one.email.lower(): one
        for one in locked(Customer.objects.alias(low=Lower("email")).filter(low__in=emails))
    }
    problems: list[str] = []
    made: list[int] = []
    changed: list[int] = []
    for row, email in zip(told, emails, strict=True):
        customer = known.get(email) or Customer(email=email, language="", created_at=now)
        is_new = customer.pk is None
        try:
            if _write(customer, row.cells, groups):
                (made if is_new else changed).append(customer.pk)
        except ValidationError as error:
            problems.append(at(row.line, " ".join(error.messages)))
    if problems:
        raise RowsRefused(problems)
    news.of_customers(topic=news.CREATED, customer_ids=made, now=now)
    news.of_customers(topic=news.CHANGED, customer_ids=changed, now=now)
    return len(made) + len(changed)


def _emails(told: Sequence[Row]) -> list[str]:
    """Lower case, each once. Raises RowsRefused."""
    lines: dict[str, int] = {}
    problems = []
    for row in told:
        email = row.cells.get(KEY, "").lower()
        if email in lines:
            words = _("the same e-mail as in line %(line)s.") % {"line": lines[email]}
            problems.append(at(row.line, words))
        lines[email] = row.line
    if problems:
        raise RowsRefused(problems)
    return list(lines)


def _write(
    customer: Customer, cells: Mapping[str, str], groups: Mapping[str, CustomerGroup]
) -> bool:
    """Returns whether anything changed. Raises ValidationError."""
    wanted = _groups(cells, groups)
    before = _state(customer)
    for name in TEXTS:
        if text := clean(cells.get(name, "")):
            setattr(customer, name, text)
    if tags := _parts(cells, "tags"):
        customer.tags = sorted(set(tags))
    _check(customer)
    is_changed = before != _state(customer) or customer.pk is None
    if is_changed:
        customer.save()
    if wanted is not None and wanted != set(customer.groups.all()):
        customer.groups.set(wanted)
        is_changed = True
    return is_changed


def _check(customer: Customer) -> None:
    customer.clean_fields(exclude=["user", "credit_limit", "invoice_days"])
    if customer.language and customer.language not in dict(settings.LANGUAGES):
        raise ValidationError(_("there is no language “%(code)s”.") % {"code": customer.language})


def _state(customer: Customer) -> tuple[object, ...]:
    return (*(getattr(customer, name) for name in TEXTS), sorted(customer.tags))


def _groups(
    cells: Mapping[str, str], groups: Mapping[str, CustomerGroup]
) -> set[CustomerGroup] | None:
    """The groups somebody is to be in; None: as they are. Raises ValidationError."""
    codes = _parts(cells, "groups")
    if unknown := [code for code in codes if code not in groups]:
        raise ValidationError(_("there is no group “%(code)s”.") % {"code": ", ".join(unknown)})
    return {groups[code] for code in codes} or None


def _parts(cells: Mapping[str, str], name: str) -> Collection[str]:
    parts = [clean(part) for part in cells.get(name, "").split(",")]
    return [part for part in parts if part]
