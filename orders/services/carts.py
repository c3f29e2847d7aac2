"""What shoppers put into their carts."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext as _

from accounts.services.customers import customer_groups
from catalog.models import Market, Price, Variant
from catalog.queries import on_sale
from catalog.queries.extras import Answer, Offered, chosen, told
from catalog.queries.price_lists import best, lists_now, rungs_of
from catalog.queries.quantities import Quantities
from catalog.queries.sales import rules_now
from orders.models import Cart, CartLine
from orders.queries import price_of, priced_with
from orders.services import extras
from orders.services.extras import Filled
from shop.lib import rulebook
from shop.lib.errors import Refused
from shop.lib.locks import locked, locked_as
from shop.lib.money import ZERO
from shop.lib.prepared import Prepared
from shop.lib.writing import insert, insert_together

LONGEST_TOKEN = 40


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
    # Whether the cart was made for it.
    is_first: bool = False


def parse_quantity(text: str, *, least: int = 1) -> int:
    """A whole number typed by a person, in ASCII digits. Raises BadQuantity."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 3 or int(text) < least:
        raise BadQuantity(_("Enter a whole number from %(least)s to 999.") % {"least": least})
    return int(text)


def find(*, token: str, market: Market) -> Cart | None:
    """The open cart of a cookie; None when unknown, ordered already, or from another market."""
    return _known(market, OPEN.rows(token=token, market=market.pk) if _is_token(token) else ())


def _locked(token: str, market: Market) -> Cart | None:
    """The same, held."""
    if not _is_token(token):
        return None
    return _known(market, locked_as(OPEN_AND_HELD, token=token, market=market.pk))


def _is_token(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TOKEN


def _known(market: Market, found: Sequence[Cart]) -> Cart | None:
    for cart in found:
        cart.market = market
        return cart
    return None


def _open(token: str, market: int) -> "QuerySet[Cart]":
    return Cart.objects.filter(token=token, market=market, ordered_at=None)


OPEN = Prepared(lambda token, market: _open(token, market).select_related("customer"))
OPEN_AND_HELD = Prepared(
    lambda token, market: _open(token, market).select_for_update(of=("self",)).order_by("pk")
)


@dataclass(frozen=True, slots=True)
class Goods:
    """What may be put into a cart: its price as a row, and what may be added to it."""

    price: Any
    extras: list[Offered]


def goods_of(*, market: Market, sku: str, now: dt.datetime) -> Goods | None:
    """What a SKU stands for; None when it is not for sale here. One query."""
    price = GOODS.first(sku=sku, market=market.pk)
    if price is None or not on_sale.is_offered(price.variant, market, now=now):
        return None
    return Goods(price, told(price.told_extras))


GOODS = Prepared(lambda sku, market: on_sale.priced(sku, market).annotate(**priced_with("market")))
# What anybody would pay for what is in a cart already, whether or not it may be bought.
PRICED = Prepared(
    lambda variant, market: (
        Price.objects.filter(variant=variant, market=market)
        .select_related("variant__product__type")
        .annotate(**priced_with("market"))
    )
)


@rulebook.one_moment()
@transaction.atomic
def add(
    *,
    token: str,
    market: Market,
    sku: str,
    quantity: int,
    filled: Filled = extras.NOTHING,
    goods: Goods | None = None,
    now: dt.datetime,
) -> Changed:
    """Put units of a SKU into the cart, making one when there is none.

    Quantities are rounded up to what the variant is sold in. The same variant with other extras
    is a line of its own. goods: what the SKU stands for, where that was read. Raises NotForSale,
    TooMany or BadExtras.
    """
    goods = goods or goods_of(market=market, sku=sku, now=now)
    if goods is None:
        raise NotForSale(_("This piece is not for sale any more."))
    rulebook.told(goods.price.rules_at)
    variant = goods.price.variant
    known = _locked(token, market)
    cart = known or Cart(holder=uuid4(), market=market, created_at=now, updated_at=now)
    answers = _answers(filled, cart, now)
    extra = sum(one.amount for one in chosen(answers=answers, offered=goods.extras))
    key = extras.digest(answers)
    there = SAME.rows(cart=cart.pk, variant=variant.pk) if known else []
    had = next((one for one in there if one.answers_key == key), None)
    beside = sum(one.quantity for one in there if one is not had)
    asked = quantity + (had.quantity if had else 0)
    allowed = _fitting(variant, asked, beside=beside)
    ladder = _ladder(goods.price, cart, now)
    _follow(there, ladder, was=sum(one.quantity for one in there), now=beside + allowed)
    line = had or CartLine(
        cart=cart, variant=variant, answers=answers, answers_key=key, added_at=now
    )
    line.quantity = allowed
    line.price_seen = (ladder(beside + allowed) if ladder else goods.price.current) + extra
    _write(cart, line, now)
    return Changed(cart, line, _told(variant, asked, allowed), is_first=known is None)


def _answers(filled: Filled, cart: Cart, now: dt.datetime) -> list[Answer]:
    if _is_new(cart) and (filled.pictures or filled.kept):
        # They are kept with it.
        insert([cart])
    return extras.answers_of(filled=filled, cart=cart, now=now)


def _is_new(row: Model) -> bool:
    return row._state.adding  # noqa: SLF001 - whether it was read or written before


def _write(cart: Cart, line: CartLine, now: dt.datetime) -> None:
    if _is_new(cart):
        insert_together([cart], [line])
        return
    if _is_new(line):
        insert([line])
    else:
        line.save(update_fields=["quantity", "price_seen"])
    _touch(cart, now)


SAME = Prepared(lambda cart, variant: CartLine.objects.filter(cart=cart, variant=variant))


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
    there = SAME.rows(cart=cart.pk, variant=line.variant_id)
    was = sum(one.quantity for one in there)
    beside = was - line.quantity
    line.quantity = _fitting(line.variant, quantity, beside=beside)
    line.save(update_fields=["quantity"])
    ladder = _ladder(_priced(cart, line.variant_id, now), cart, now)
    _follow(there, ladder, was=was, now=beside + line.quantity)
    return Changed(cart, line, _told(line.variant, quantity, line.quantity))


@transaction.atomic
def send_to(*, cart: Cart, country: str, postcode: str, now: dt.datetime) -> None:
    """Keep where delivery and tax are to be estimated for."""
    cart.country, cart.postcode, cart.updated_at = country, postcode, now
    cart.save(update_fields=["country", "postcode", "updated_at"])


def _priced(cart: Cart, variant_id: int, now: dt.datetime) -> Any:
    """The price that a ladder starts from; None where no list says anything to this buyer."""
    if not lists_now(market=cart.market, groups=customer_groups(cart.customer), now=now):
        return None
    return PRICED.first(variant=variant_id, market=cart.market_id)


def _ladder(price: Any, cart: Cart, now: dt.datetime) -> Callable[[int], Decimal] | None:
    """What a unit costs this buyer by how many are taken; None where that makes no difference.

    price: read with all it depends on.
    """
    groups = customer_groups(cart.customer)
    lists = lists_now(market=cart.market, groups=groups, now=now)
    # Gift cards are money and stand on no list.
    if price is None or price.variant.product.type.is_gift_card:
        return None
    if not (price.told_lists or any(one.percent is not None for one in lists)):
        return None
    variant = price.variant_id
    base = price_of(price, cart.market, rules_now(now=now, at=price.rules_at)).amount
    written = {variant: price.told_lists}
    rungs = rungs_of(
        market=cart.market, groups=groups, base={variant: base}, now=now, written=written
    ).get(variant)
    return (lambda units: best(base, rungs, units)[0]) if rungs else None


def _follow(
    lines: Sequence[CartLine], ladder: Callable[[int], Decimal] | None, *, was: int, now: int
) -> None:
    """What the shopper's own change made of the prices is no news to be told later.

    lines: of the variant whose units in the cart were so many and are so many now.
    """
    moved = ladder(now) - ladder(was) if ladder and lines else ZERO
    for line in lines if moved else ():
        if line.agreed_price is None:
            line.price_seen += moved
            CartLine.objects.filter(pk=line.pk).update(price_seen=F("price_seen") + moved)


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


def _touch(cart: Cart, now: dt.datetime) -> None:
    cart.updated_at = now
    cart.save(update_fields=["updated_at"])
