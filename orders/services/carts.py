"""What shoppers put into their carts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from catalog.models import Market, Price, PriceList, Variant
from catalog.queries import on_sale
from catalog.queries.extras import chosen, extras_of
from catalog.queries.quantities import Quantities
from orders.models import Cart, CartLine
from orders.queries import lines_in_cart
from orders.services import extras
from orders.services.extras import Filled
from shop.lib.errors import Refused
from shop.lib.locks import locked


class NotForSale(Refused):
    """Raised for a SKU that does not exist here or is not sold (any more)."""


class BadQuantity(Refused):
    """Raised for a quantity that is no whole number within the allowed range."""


class TooMany(Refused):
    """Raised when a cart holds as many of a variant as one order may."""


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
def add(
    *,
    token: str,
    market: Market,
    sku: str,
    quantity: int,
    filled: Filled = extras.NOTHING,
    now: dt.datetime,
) -> Changed:
    """Put units of a SKU into the cart, making one when there is none.

    Quantities are rounded up to what the variant is sold in. The same variant with other extras
    is a line of its own. Raises NotForSale, TooMany or BadExtras.
    """
    price = _price(market, sku, now)
    variant = price.variant
    cart = find(token=token, market=market) or Cart.objects.create(
        market=market, created_at=now, updated_at=now
    )
    cart = locked(Cart.objects.filter(pk=cart.pk))[0]
    answers = extras.answers_of(filled=filled, cart=cart, now=now)
    offered = extras_of([variant.product_id], market).get(variant.product_id, [])
    extra = sum(one.amount for one in chosen(answers=answers, offered=offered))
    key = extras.digest(answers)
    had = CartLine.objects.filter(cart=cart, variant=variant, answers_key=key).first()
    before = _seen_now(cart, now)
    asked = quantity + (had.quantity if had else 0)
    allowed = _fitting(variant, asked, beside=_beside(cart, variant, key))
    values = {"quantity": allowed, "price_seen": price.current + extra}
    line, _created = CartLine.objects.update_or_create(
        cart=cart,
        variant=variant,
        answers_key=key,
        defaults=values,
        create_defaults={**values, "answers": answers, "added_at": now},
    )
    _follow(cart, {**before, line.pk: line.price_seen}, now)
    _touch(cart, now)
    return Changed(cart, line, _told(variant, asked, allowed))


@transaction.atomic
def change(*, cart: Cart, line_id: int, quantity: int, now: dt.datetime) -> Changed:
    """Set the quantity of a line; zero removes it.

    Raises TooMany, or CartLine.DoesNotExist for strangers' lines.
    """
    cart = locked(Cart.objects.filter(pk=cart.pk))[0]
    line = (
        CartLine.objects.select_for_update(of=("self",))
        .select_related("variant")
        .get(pk=line_id, cart=cart)
    )
    _touch(cart, now)
    if quantity == 0:
        line.delete()
        return Changed(cart, None)
    before = _seen_now(cart, now)
    beside = _beside(cart, line.variant, line.answers_key)
    line.quantity = _fitting(line.variant, quantity, beside=beside)
    line.save(update_fields=["quantity"])
    _follow(cart, before, now)
    return Changed(cart, line, _told(line.variant, quantity, line.quantity))


@transaction.atomic
def send_to(*, cart: Cart, country: str, postcode: str, now: dt.datetime) -> None:
    """Keep where delivery and tax are to be estimated for."""
    cart.country, cart.postcode, cart.updated_at = country, postcode, now
    cart.save(update_fields=["country", "postcode", "updated_at"])


def _seen_now(cart: Cart, now: dt.datetime) -> dict[int, Decimal]:
    """Prices by line where they depend on how many are taken; nothing in a market without lists."""
    if not PriceList.objects.filter(market=cart.market_id, is_active=True).exists():
        return {}
    found = lines_in_cart(cart, now=now)
    return {one.line.pk: one.price for one in found if one.price is not None}


def _follow(cart: Cart, before: Mapping[int, Decimal], now: dt.datetime) -> None:
    """What the shopper's own change made of the prices is no news to be told later."""
    for line_id, price in _seen_now(cart, now).items():
        if line_id in before and (moved := price - before[line_id]):
            rows = CartLine.objects.filter(pk=line_id)
            rows.update(price_seen=F("price_seen") + moved)


def _beside(cart: Cart, variant: Variant, key: str) -> int:
    """Units of the variant in the cart's other lines: the most per order counts them all."""
    others = CartLine.objects.filter(cart=cart, variant=variant).exclude(answers_key=key)
    return sum(others.values_list("quantity", flat=True))


def _fitting(variant: Variant, asked: int, *, beside: int) -> int:
    rule = Quantities.within(
        variant.min_quantity, variant.quantity_step, variant.max_quantity - beside
    )
    if not rule.is_possible:
        most = Quantities.of(variant).most
        raise TooMany(_("You can order %(count)s of these at a time.") % {"count": most})
    return rule.fitting(asked)


def _told(variant: Variant, asked: int, allowed: int) -> str:
    """What to say when a quantity was not taken as it was asked for."""
    if asked == allowed:
        return ""
    rule = Quantities.of(variant).rule_for(asked)
    if asked > allowed:
        return rule or _("You can order %(count)s more of these.") % {"count": allowed}
    return _("%(rule)s We have made it %(count)s.") % {"rule": rule, "count": allowed}


def _price(market: Market, sku: str, now: dt.datetime) -> Price:
    price = on_sale.price_of(sku, market, now=now)
    if price is None:
        raise NotForSale(_("This piece is not for sale any more."))
    return price


def _touch(cart: Cart, now: dt.datetime) -> None:
    cart.updated_at = now
    cart.save(update_fields=["updated_at"])
