"""The series themselves: their prefixes, where numbers begin, when invoices are issued."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from payments.models import Document, Series
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import post

Kind = Series.Kind
PREFIXES = {Kind.INVOICE: "INV-", Kind.CREDIT_NOTE: "CN-"}


class NotThatNumber(Refused):
    """Raised when numbers would leave a gap or come twice."""


class NotThatPrefix(Refused):
    """Raised when another series has used a prefix."""


def series_of(kind: str) -> Series:
    """The series of a kind, made when it is first asked for."""
    found, _created = Series.objects.get_or_create(
        kind=kind, defaults={"prefix": PREFIXES[Kind(kind)]}
    )
    return found


def take_number(kind: str) -> tuple[Series, int]:
    """The next number; given back when the transaction fails, as the row is part of it."""
    series = locked(Series.objects.filter(pk=series_of(kind).pk))[0]
    number = series.next_number
    series.next_number = number + 1
    series.save(update_fields=["next_number"])
    return series, number


@transaction.atomic
def change(*, series: Series, prefix: str, issue: str, begin: int | None, now: dt.datetime) -> None:
    """Change a series. begin: the next number, None for as it is. Raises NotThatNumber, NotThatPrefix.

    Numbers only go up, and only before the first document: later a jump would be a gap. Under a
    new rule, what is due by it is issued by a worker.
    """
    row = locked(Series.objects.filter(pk=series.pk))[0]
    begin = row.next_number if begin is None else begin
    check_begin(row, begin)
    check_prefix(row, prefix)
    if row.issue != issue:
        post(topic="documents.catch_up", key=f"catch-up-{now.isoformat()}", payload={}, now=now)
        outbox.ring()
    row.prefix, row.issue, row.next_number = prefix, issue, begin
    row.save(update_fields=["prefix", "issue", "next_number"])


def check_begin(series: Series, begin: int) -> None:
    if begin == series.next_number:
        return
    if begin < series.next_number:
        raise NotThatNumber(_("Numbers only go up."))
    if Document.objects.filter(series=series).exists():
        raise NotThatNumber(_("Numbers run on without a gap once the first is given out."))


def check_prefix(series: Series, prefix: str) -> None:
    taken = Document.objects.filter(label__startswith=prefix).exclude(series=series)
    if Series.objects.filter(prefix=prefix).exclude(pk=series.pk).exists() or taken.exists():
        raise NotThatPrefix(_("Another series has used this prefix."))
