"""The buyer's own addresses at the checkout: filled in, chosen from, kept."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Address, Customer
from accounts.services import addresses
from accounts.services.addresses import Written
from orders.forms import CheckoutForm
from orders.models import Cart, Order

# As the checkout and the address book both call them.
PARTS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")
ANOTHER = ""


def usable(customer: Customer | None, countries: Collection[str]) -> list[Address]:
    """The addresses that parcels of this market go to."""
    if customer is None:
        return []
    return [row for row in addresses.of(customer) if row.country in countries]


def first_fill(cart: Cart, countries: Collection[str]) -> dict[str, Any]:
    """What the form begins with: the address kept for that, unless the basket asks for elsewhere."""
    rows = usable(cart.customer, countries)
    if cart.country:
        rows = [row for row in rows if row.country == cart.country]
    return _fill(rows[0]) if rows else {}


def chosen(request: HttpRequest, cart: Cart, countries: Collection[str]) -> dict[str, Any]:
    """The parts of the address that was just picked; nothing when none was."""
    if not request.POST.get("use_address"):
        return {}
    wanted = request.POST.get("saved_address", ANOTHER)
    for row in usable(cart.customer, countries):
        if str(row.pk) == wanted:
            return _fill(row)
    return {}


def _fill(row: Address) -> dict[str, Any]:
    parts = {name: getattr(row, name) for name in PARTS}
    # A company's name may be on file without being part of the address.
    return {name: value for name, value in parts.items() if value or name != "company"} | {
        "saved_address": str(row.pk)
    }


def offered(cart: Cart, form: CheckoutForm, countries: Collection[str]) -> list[dict[str, Any]]:
    """The choices of the page; none for a guest or an empty address book."""
    rows = usable(cart.customer, countries)
    if not rows or "line1" not in form.fields:
        return []
    current = str(form["saved_address"].value() or "")
    choices = [(str(row.pk), str(row)) for row in rows]
    return [
        {"value": value, "name": name, "is_chosen": value == current}
        for value, name in (*choices, (ANOTHER, _("Another address")))
    ]


def remember(order: Order, *, keep: bool, now: dt.datetime) -> None:
    """The order's address goes into its buyer's book when that was asked for."""
    if order.customer is None or not order.line1:
        return
    written = Written(**{name: getattr(order, name) for name in PARTS})
    addresses.ordered_to(customer=order.customer, written=written, keep=keep, now=now)
