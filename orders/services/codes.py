"""The codes a shopper has entered: of promotions and of gift cards, each once in a cart."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from orders.models import Cart, CartCode
from shop.lib.errors import Refused
from shop.lib.locks import locked

MOST = 5


class TooManyCodes(Refused):
    """Raised when a cart holds as many codes as one order may."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code turned out to be. value, shown: as CartCode keeps them."""

    kind: CartCode.Kind
    value: str
    shown: str


@transaction.atomic
def add(*, cart: Cart, found: Found, now: dt.datetime) -> CartCode:
    """Keep a code with the cart; entered twice it is kept once. Raises TooManyCodes."""
    cart = locked(Cart.objects.filter(pk=cart.pk))[0]
    codes = list(CartCode.objects.filter(cart=cart))
    had = next((one for one in codes if (one.kind, one.value) == (found.kind, found.value)), None)
    if had is not None:
        return had
    if len(codes) >= MOST:
        text = _("An order takes up to %(count)s codes. Remove one to enter another.")
        raise TooManyCodes(text % {"count": MOST})
    _touch(cart, now)
    return CartCode.objects.create(
        cart=cart, kind=found.kind, value=found.value, shown=found.shown[:40], added_at=now
    )


@transaction.atomic
def remove(*, cart: Cart, code_id: int, now: dt.datetime) -> CartCode:
    """Take a code off the cart. Raises CartCode.DoesNotExist for strangers' codes."""
    cart = locked(Cart.objects.filter(pk=cart.pk))[0]
    code = CartCode.objects.get(pk=code_id, cart=cart)
    _touch(cart, now)
    CartCode.objects.filter(pk=code.pk).delete()
    return code


def _touch(cart: Cart, now: dt.datetime) -> None:
    cart.updated_at = now
    cart.save(update_fields=["updated_at"])
