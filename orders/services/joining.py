"""Whose a basket is: it follows its customer from device to device.

A customer has one open basket in a market. What a browser gathered before its owner signed in is
put into it: the same piece with the same extras adds up, within what one order may hold; codes
come along; nothing is ever taken out. The browser then holds the key of that one basket. When
nobody is signed in any more, the basket it holds is a guest's again, at everybody's prices.
"""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Customer
from catalog.models import Market
from catalog.queries.quantities import Quantities
from inventory.services import reservations
from orders.models import Cart, CartLine
from shop.lib.locks import locked


def joined(
    *, cart: Cart | None, customer: Customer | None, market: Market, now: dt.datetime
) -> Cart | None:
    """The basket of a browser and whoever is signed in on it, None when there is none.

    cart: the open one the browser has the key of. Does nothing when all is settled already.
    """
    if customer is None:
        return _released(cart)
    if cart is not None and cart.customer_id == customer.pk:
        return cart
    if cart is None or cart.customer_id is not None:
        # Somebody else's basket stays theirs, though this browser still knows its key.
        return _open_ones(customer, market).first()
    return _join(cart, customer, market, now)


def _released(cart: Cart | None) -> Cart | None:
    if cart is not None and cart.customer_id is not None:
        Cart.objects.filter(pk=cart.pk, ordered_at=None).update(customer=None)
        cart.customer = None
    return cart


def _open_ones(customer: Customer, market: Market) -> QuerySet[Cart]:
    found = Cart.objects.filter(customer=customer, market=market, ordered_at=None)
    return found.order_by("-updated_at", "-pk")


@transaction.atomic
def _join(cart: Cart, customer: Customer, market: Market, now: dt.datetime) -> Cart | None:
    # The customer's row is held, so that two browsers signing in at once end with one basket.
    locked(Customer.objects.filter(pk=customer.pk))
    home = _open_ones(customer, market).first()
    wanted = [one.pk for one in (cart, home) if one is not None]
    held = {one.pk: one for one in locked(Cart.objects.filter(pk__in=wanted, ordered_at=None))}
    guest = held.get(cart.pk)
    home = held.get(home.pk) if home else None
    if guest is None:
        return home
    if home is None:
        guest.customer = customer
        guest.save(update_fields=["customer"])
        return guest
    _merge(guest, home, now)
    return home


def _merge(guest: Cart, home: Cart, now: dt.datetime) -> None:
    _add_lines(guest, home)
    entered = set(home.codes.values_list("kind", "value"))
    for code in guest.codes.order_by("pk"):
        if (code.kind, code.value) not in entered:
            code.cart = home
            code.save(update_fields=["cart"])
    guest.uploads.update(cart=home)
    if guest.country:
        home.country, home.postcode = guest.country, guest.postcode
    home.updated_at = now
    home.save(update_fields=["country", "postcode", "updated_at"])
    # What was kept for the guest would be in the way of the same shopper now.
    reservations.free(holder=guest.holder)
    guest.delete()


def _add_lines(guest: Cart, home: Cart) -> None:
    lines = list(CartLine.objects.filter(cart=home))
    had = {(line.variant_id, line.answers_key): line for line in lines}
    units = Counter[int]()
    for line in lines:
        units[line.variant_id] += line.quantity
    for line in guest.lines.select_related("variant").order_by("added_at", "pk"):
        into = had.get((line.variant_id, line.answers_key))
        before = into.quantity if into else 0
        quantity = _fitting(line, before, beside=units[line.variant_id] - before)
        if quantity <= before:
            continue
        units[line.variant_id] += quantity - before
        kept = into or line
        kept.cart, kept.quantity, kept.price_seen = home, quantity, line.price_seen
        kept.save(update_fields=["cart", "quantity", "price_seen"])


def _fitting(line: CartLine, before: int, *, beside: int) -> int:
    """As many as were asked for in both baskets, or as one order may hold."""
    variant = line.variant
    rule = Quantities.within(
        variant.min_quantity, variant.quantity_step, variant.max_quantity - beside
    )
    return rule.fitting(before + line.quantity) if rule.is_possible else before
