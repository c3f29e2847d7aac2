"""The address book of a customer: at most one address is filled in by itself."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Address, Customer
from shop.lib.errors import Refused
from shop.lib.locks import locked

MOST = 50


class UnknownAddress(Refused):
    """Raised for an address that is not the customer's, or is gone."""


class TooManyAddresses(Refused):
    """Raised when there is no room for another one."""


@dataclass(frozen=True, slots=True)
class Written:
    """An address, cleaned by its form."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    postcode: str = ""
    region: str = ""
    company: str = ""
    phone: str = ""


# What makes two addresses one and the same, however they are spelt.
SAME = ("name", "line1", "line2", "city", "postcode", "country")


def of(customer: Customer) -> QuerySet[Address]:
    """The one that is filled in first, then as they were used last."""
    rows = Address.objects.filter(customer=customer)
    return rows.order_by("-is_default", "-used_at", "-pk")


@transaction.atomic
def save(
    *,
    customer: Customer,
    written: Written,
    pk: int | None = None,
    is_default: bool = False,
    now: dt.datetime,
) -> Address:
    """Write a new address, or over one of the customer's. The first one is filled in by itself.

    Raises UnknownAddress or TooManyAddresses.
    """
    rows = _book(customer)
    if pk is None:
        if len(rows) >= MOST:
            raise TooManyAddresses(_("An address book has room for 50. Please remove one first."))
        row = Address(customer=customer, used_at=now, is_default=False)
    else:
        row = _own(rows, pk)
    for name, value in asdict(written).items():
        setattr(row, name, value)
    row.save()
    if is_default or not any(one.is_default for one in rows):
        _fill_in(rows, row)
    return row


@transaction.atomic
def make_default(*, customer: Customer, pk: int) -> None:
    """Fill this one in at the checkout from now on. Raises UnknownAddress."""
    rows = _book(customer)
    _fill_in(rows, _own(rows, pk))


@transaction.atomic
def remove(*, customer: Customer, pk: int) -> None:
    """Forget an address; the one used last takes its place. Raises UnknownAddress."""
    rows = _book(customer)
    gone = _own(rows, pk)
    left = [row for row in rows if row.pk != pk]
    gone.delete()
    if gone.is_default and left:
        _fill_in(left, max(left, key=lambda row: (row.used_at, row.pk)))


@transaction.atomic
def ordered_to(*, customer: Customer, written: Written, keep: bool, now: dt.datetime) -> None:
    """An order goes there: a known address was used, a new one is kept when that was asked."""
    rows = _book(customer)
    known = next((row for row in rows if _key(row) == _key(written)), None)
    if known is not None:
        known.used_at = now
        known.phone = written.phone or known.phone
        known.save(update_fields=["used_at", "phone"])
    elif keep and len(rows) < MOST:
        save(customer=customer, written=written, now=now)


def _book(customer: Customer) -> list[Address]:
    """All of a customer's, with the customer held: two browsers write one after the other."""
    locked(Customer.objects.filter(pk=customer.pk))
    return list(Address.objects.filter(customer=customer).order_by("pk"))


def _own(rows: list[Address], pk: int) -> Address:
    for row in rows:
        if row.pk == pk:
            return row
    raise UnknownAddress(_("This address is not in your address book any more."))


def _fill_in(rows: list[Address], chosen: Address) -> None:
    for row in rows:
        if row.is_default and row.pk != chosen.pk:
            row.is_default = False
            row.save(update_fields=["is_default"])
    if not chosen.is_default:
        chosen.is_default = True
        chosen.save(update_fields=["is_default"])


def _key(address: Address | Written) -> tuple[str, ...]:
    return tuple(" ".join(getattr(address, name).split()).casefold() for name in SAME)
