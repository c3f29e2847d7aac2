"""What shoppers put into their carts."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Market, Price, Variant
from orders.models import Cart, CartLine
from shop.lib.errors import Refused
from shop.lib.locks import locked


class NotForSale(Refused):
    """Raised for a SKU that does not exist here or is not sold (any more)."""


class BadQuantity(Refused):
    """Raised for a quantity that is no whole number within the allowed range."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change did: the line as it is now (None when removed), and what to tell."""

    cart: Cart
    line: CartLine | None
    note: str = ""


def parse_quantity(text: str, *, least: int = 1) -> int:
    """A whole number typed by a person, in ASCII digits. Raises BadQuantity."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 3 or int(text) < least:
        raise BadQuantity(_("Enter a whole number from %(least)s to 999.") % {"least": least})
    return int(text)


def find(*, token: str, market: Market) -> Cart | None:
    """The open cart of a cookie; None when unknown, ordered already, or from another market."""
    if not token or len(token) > 40:
        return None
    return Cart.objects.filter(token=token, market=market, ordered_at=None).first()


@transaction.atomic
def add(*, token: str, market: Market, sku: str, quantity: int, now: dt.datetime) -> Changed:
    """Put units of a SKU into the cart, making one when there is none."""
    price = _price(market, sku, now)
    cart = find(token=token, market=market) or Cart.objects.create(
        market=market, created_at=now, updated_at=now
    )
    cart = locked(Cart.objects.filter(pk=cart.pk))[0]
    line = CartLine.objects.filter(cart=cart, variant=price.variant).first()
    had = line.quantity if line else 0
    allowed = min(had + quantity, price.variant.max_quantity)
    line, _created = CartLine.objects.update_or_create(
        cart=cart,
        variant=price.variant,
        defaults={"quantity": allowed, "price_seen": price.amount},
        create_defaults={"quantity": allowed, "price_seen": price.amount, "added_at": now},
    )
    _touch(cart, now)
    return Changed(cart, line, _limited(had + quantity, allowed))


@transaction.atomic
def change(*, cart: Cart, line_id: int, quantity: int, now: dt.datetime) -> Changed:
    """Set the quantity of a line; zero removes it. Raises CartLine.DoesNotExist for strangers'."""
    line = (
        CartLine.objects.select_for_update(of=("self",))
        .select_related("variant")
        .get(pk=line_id, cart=cart)
    )
    _touch(cart, now)
    if quantity == 0:
        line.delete()
        return Changed(cart, None)
    allowed = min(quantity, line.variant.max_quantity)
    line.quantity = allowed
    line.save(update_fields=["quantity"])
    return Changed(cart, line, _limited(quantity, allowed))


def _limited(asked: int, allowed: int) -> str:
    if asked <= allowed:
        return ""
    return _("You can order %(count)s of these at a time.") % {"count": allowed}


def _price(market: Market, sku: str, now: dt.datetime) -> Price:
    price = (
        Price.objects.filter(market=market, variant__in=Variant.objects.filter(sku__iexact=sku))
        .select_related("variant__product")
        .first()
    )
    if (
        price is None
        or not price.variant.is_active
        or not price.variant.product.is_on_sale(now=now)
    ):
        raise NotForSale(_("This piece is not for sale any more."))
    return price


def _touch(cart: Cart, now: dt.datetime) -> None:
    cart.updated_at = now
    cart.save(update_fields=["updated_at"])
