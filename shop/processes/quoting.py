"""Quoting: gather what is known of a basket, its buyer and the day, and price it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from catalog.models import Market, Variant
from catalog.queries.membership import Membership, memberships
from inventory.queries import Availability, availability
from marketing.queries import deals
from marketing.services.uses import who_of
from orders.models import Cart, CartCode
from orders.queries import LineInCart, codes_in, lines_in_cart
from orders.services import pricing, taxes
from orders.services.pricing import (
    Code,
    Deal,
    Delivery,
    Facts,
    Item,
    Quote,
    Reason,
    Situation,
    TaxRules,
)
from payments.services import stored_value
from shipping.models import Method
from shipping.queries import Destination, Packing, Spot
from shop.lib import rulebook
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day
from shop.processes import delivering
from shop.processes.delivering import Said, Ways, Wish


@dataclass(frozen=True, slots=True)
class Asked:
    """What the shopper has said so far; empty where nothing was said."""

    country: str
    postcode: str = ""
    shipping_method: str = ""
    email: str = ""
    vat_number: str = ""
    channel: str = "web"
    # Taken along at the counter: nothing is sent.
    is_taken_along: bool = False
    # Where it is to be fetched, "point:<code>" or "collect:<code>", and where to look for points.
    pickup: str = ""
    near: str = ""
    said: Said = field(default_factory=Said)
    # The way is taken: nobody is to choose among others any more.
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A code in the cart: whether it does something now, and what or why not."""

    id: int
    kind: str
    shown: str
    works: bool
    words: str
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class GiftLine:
    """Something a promotion adds at no cost. key: of its item in the quote."""

    key: int
    variant: Variant
    quantity: int

    @property
    def title(self) -> str:
        return ", ".join(filter(None, (self.variant.product.title, self.variant.label)))


@dataclass(frozen=True, slots=True)
class ValueShare:
    """What a gift card or store credit would pay, and what would be left on it."""

    account_id: int
    shown: str
    amount: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart with its figures for one destination, and the deliveries it may choose from."""

    # Everything in the cart, and the part of it that can be bought.
    all_lines: list[LineInCart]
    lines: list[LineInCart]
    deliveries: list[Delivery]
    quote: Quote
    entered: tuple[Entered, ...] = ()
    gifts: tuple[GiftLine, ...] = ()
    shares: tuple[ValueShare, ...] = ()
    # Of the gift cards in the cart.
    digests: tuple[str, ...] = ()
    # Where it may be fetched, by the way's code, and where it is.
    spots: Mapping[str, list[Spot]] = field(default_factory=dict)
    spot: Spot | None = None
    parcels: tuple[Packing, ...] = ()
    # What there is of lines and gifts, where the quote had to know.
    stock: Mapping[int, Availability] = field(default_factory=dict)
    # Ways whose carriers were not asked for a price yet.
    to_ask: tuple[Method, ...] = ()

    @property
    def to_pay(self) -> Decimal:
        """What is left for a provider once gift cards and credit have paid."""
        return self.quote.total.gross - sum(share.amount for share in self.shares)


@dataclass(frozen=True, slots=True)
class _Basket:
    """What does not depend on the delivery."""

    market: Market
    items: list[Item]
    rules: TaxRules
    deals: list[Deal]
    situation: Situation

    def priced(self, delivery: Delivery | None) -> Quote:
        return pricing.quote(
            items=self.items,
            delivery=delivery,
            rules=self.rules,
            currency=self.market.currency,
            deals=self.deals,
            situation=replace(self.situation, shipping_method=delivery.code if delivery else ""),
        )


@rulebook.one_moment()
def quote(*, cart: Cart, market: Market, asked: Asked, now: dt.datetime) -> Priced:
    """What the cart costs when sent to a country; the cheapest delivery unless one is named."""
    all_lines = lines_in_cart(cart, now=now)
    known = _known(all_lines)
    if not asked.is_taken_along:
        all_lines = delivering.told_apart(all_lines, known, asked.country)
    lines = [line for line in all_lines if line.price is not None]
    codes = codes_in(cart, all_lines)
    shelf = _Shelf({line.line.variant_id for line in all_lines}, cart.holder, now)
    basket = _basket(cart, lines, codes, market, asked, known, shelf, now=now)
    basket = replace(basket, deals=_givable(basket.deals, shelf, lines))
    goods = basket.priced(None).goods
    ways = Ways()
    if not asked.is_taken_along:
        ways = delivering.choices(
            lines=lines,
            pieces=delivering.pieces_of(lines, known),
            wish=Wish(
                Destination(asked.country, asked.postcode),
                asked.near,
                asked.said,
                asked.shipping_method if asked.is_settled else "",
            ),
            market=market,
            goods=goods,
            now=now,
        )
    chosen = ways.chosen(asked.shipping_method)
    figures = basket.priced(chosen)
    shares = _shares(cart, codes, figures, now)
    given = deals.gift_variants(one.item.key for one in figures.items if one.is_gift)
    return Priced(
        all_lines=all_lines,
        lines=lines,
        deliveries=ways.offers,
        quote=figures,
        entered=tuple(_entered(code, figures, shares) for code in codes),
        gifts=tuple(
            GiftLine(one.item.key, given[one.item.key], one.item.quantity)
            for one in figures.items
            if one.is_gift
        ),
        shares=tuple(shares.values()),
        digests=tuple(code.value for code in codes if code.kind == CartCode.Kind.GIFT_CARD),
        spots=ways.spots,
        spot=ways.spot(chosen, asked.pickup),
        parcels=ways.parcels,
        to_ask=ways.to_ask,
        stock=shelf.stock,
    )


def _known(lines: list[LineInCart]) -> dict[int, Membership]:
    """Where the products belong, those that bundles consist of as well. No query without bundles."""
    found = {line.variant.product_id: line.belongs for line in lines}
    return memberships(delivering.products_of(lines) - found.keys()) | found


@dataclass
class _Shelf:
    """What there is for this shopper of a basket and of gifts, looked up once where gifts matter."""

    in_cart: set[int]
    shopper: UUID
    now: dt.datetime
    gifts: Mapping[int, Variant] = field(default_factory=dict)
    stock: Mapping[int, Availability] = field(default_factory=dict)

    def look(self, gifts: Mapping[int, Variant]) -> Mapping[int, Availability]:
        self.gifts = gifts
        self.stock = availability(sorted(self.in_cart | gifts.keys()), self.shopper, now=self.now)
        return self.stock


def _basket(
    cart: Cart,
    lines: list[LineInCart],
    codes: list[CartCode],
    market: Market,
    asked: Asked,
    known: Mapping[int, Membership],
    shelf: _Shelf,
    *,
    now: dt.datetime,
) -> _Basket:
    return _Basket(
        market=market,
        items=[_item(line, known[line.variant.product_id]) for line in lines],
        rules=taxes.rules(
            market=market,
            country=asked.country,
            postcode=asked.postcode,
            on=shop_day(now),
            customer=cart.customer,
            vat_number=asked.vat_number,
        ),
        deals=deals.deals(
            market=market,
            codes=[code.value for code in codes if code.kind == CartCode.Kind.COUPON],
            customer=cart.customer,
            who=who_of(asked.email) if asked.email else "",
            now=now,
            look=shelf.look,
        ),
        situation=deals.situation(
            market=market,
            customer=cart.customer,
            email=asked.email,
            country=asked.country,
            shipping_method=asked.shipping_method,
            channel=asked.channel,
            now=now,
        ),
    )


def _item(line: LineInCart, known: Membership) -> Item:
    product = line.variant.product
    return Item(
        key=line.line.pk,
        quantity=line.line.quantity,
        unit_price=line.price or ZERO,
        tax_class=line.tax_class,
        price_note=line.price_note,
        facts=Facts(
            product=product.pk,
            categories=known.categories,
            collections=known.collections,
            choices=known.choices,
            is_on_sale=line.is_on_sale,
            takes_promotions=not product.type.is_gift_card and line.line.agreed_price is None,
        ),
    )


def _givable(found: list[Deal], shelf: _Shelf, lines: list[LineInCart]) -> list[Deal]:
    """The deals without the gifts that can't come along; refused where a gift was all they gave.

    Its last unit may be in the basket itself, or nothing else in it travels in a parcel.
    """
    keys = [gift.key for deal in found for gift in deal.gifts]
    if not (keys and lines):
        return found
    gifts = deals.gifts_among(keys, shelf.gifts)
    units = Counter[int]()
    for line in lines:
        units[line.line.variant_id] += line.line.quantity
    travels = any(line.variant.product.type.is_shipped for line in lines)

    def refusal(gift: Item) -> Reason | None:
        variant = gifts.get(gift.key)
        if variant is None or shelf.stock[variant.pk].available < gift.quantity + units[variant.pk]:
            return Reason(Code.SOLD_OUT, {"name": str(variant.product) if variant else ""})
        if variant.product.type.is_shipped and not travels:
            return Reason(Code.NO_DELIVERY)
        return None

    def kept(deal: Deal) -> Deal:
        problem = next(filter(None, map(refusal, deal.gifts)), None)
        if problem is None:
            return deal
        return replace(deal, gifts=(), refusal=deal.refusal or (None if deal.benefits else problem))

    return [kept(deal) for deal in found]


def _shares(
    cart: Cart, codes: list[CartCode], figures: Quote, now: dt.datetime
) -> dict[str, ValueShare]:
    """What stored value would pay, by the digest of the card (credit: by its account)."""
    digests = [code.value for code in codes if code.kind == CartCode.Kind.GIFT_CARD]
    if not (digests or cart.customer_id):
        return {}
    accounts = stored_value.usable(
        digests=digests,
        customer=cart.customer,
        currency=figures.currency,
        on=shop_day(now),
    )
    return {
        share.account.digest or str(share.account.pk): ValueShare(
            account_id=share.account.pk,
            shown=stored_value.shown(share.account),
            amount=share.amount,
            left=share.account.balance - share.amount,
        )
        for share in stored_value.shares(accounts, figures.total.gross)
    }


def _entered(code: CartCode, figures: Quote, shares: Mapping[str, ValueShare]) -> Entered:
    if code.kind == CartCode.Kind.GIFT_CARD:
        share = shares.get(code.value)
        amount = share.amount if share else ZERO
        words = "" if share else _("This gift card pays nothing here.")
        return Entered(code.pk, code.kind, code.shown, share is not None, words, amount)
    found = next((one for one in figures.outcomes if one.deal.code == code.value), None)
    if found is None:
        return Entered(code.pk, code.kind, code.shown, works=False, words=_("We don't know it."))
    return Entered(code.pk, code.kind, code.shown, found.applies, found.reason.words, found.amount)
