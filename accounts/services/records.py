"""Customer records that another system keeps up to date."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.services import news, vat_numbers
from shop.lib.errors import Refused
from shop.lib.locks import locked


class EmailTaken(Refused):
    """Raised when another customer has the address."""


class OwnEmail(Refused):
    """Raised for the address of somebody who signs in with it: it is theirs to change."""


@transaction.atomic
def create(*, values: Mapping[str, Any], now: dt.datetime) -> Customer:
    """A new customer of email, name, company, vat_number, language, tags.

    Raises EmailTaken, and NotAVatNumber.
    """
    customer = Customer(created_at=now)
    _write(customer, values)
    news.of_customers(topic=news.CREATED, customer_ids=[customer.pk], now=now)
    return customer


@transaction.atomic
def change(*, customer_id: int, values: Mapping[str, Any], now: dt.datetime) -> Customer:
    """Set some fields of a customer; the others stay. Raises EmailTaken, OwnEmail, NotAVatNumber,
    and Customer.DoesNotExist for one that was forgotten."""
    found = locked(Customer.objects.filter(pk=customer_id, erased_at=None))
    if not found:
        raise Customer.DoesNotExist(customer_id)
    customer = found[0]
    email = values.get("email", customer.email)
    if customer.user_id is not None and email.lower() != customer.email.lower():
        raise OwnEmail(_("This customer signs in with the address: only they can change it."))
    _write(customer, values)
    news.of_customers(topic=news.CHANGED, customer_ids=[customer.pk], now=now)
    return customer


def _write(customer: Customer, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(customer, name, value)
    customer.email = customer.email.lower()
    if values.get("vat_number"):
        customer.vat_number = vat_numbers.check(customer.vat_number, country="")
    if "tags" in values:
        customer.tags = sorted({" ".join(tag.split()).lower() for tag in values["tags"]} - {""})
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as error:
        raise EmailTaken(_("Another customer has this address.")) from error
