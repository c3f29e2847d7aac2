"""Checkout: price the cart, write the order, set the goods aside, take the money, say thanks."""

import datetime as dt
import logging
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import OperationalError, transaction
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from accounts.services import policies
from catalog.models import BundlePart, Variant
from catalog.queries.pictures import picture_of
from catalog.queries.rates import exchange_rate
from inventory.models import Reservation
from inventory.queries import availability
from inventory.services.stock import OutOfStock, Shopper
from marketing.services import uses
from orders.models import Cart, Order, OrderRule
from orders.queries import LineInCart, picture_for
from orders.services import extras, orders
from orders.services.orders import Buyer, Goods, Move, Part, Terms
from orders.services.pricing import Quote
from payments.gateways import gateway
from payments.models import PaymentEvent
from payments.services import methods, payments, stored_value
from payments.services.methods import Sale
from shipping.models import Method
from shop.lib import rulebook
from shop.lib.errors import Refused
from shop.lib.locks import locked_as
from shop.lib.money import ZERO
from shop.lib.prepared import Prepared
from shop.lib.writing import run
from shop.processes import agreeing, asking_carriers, quoting, ruling
from shop.processes.checkout import confirming, reserving, settling, telling
from shop.processes.delivering import Said
from shop.processes.quoting import Asked, Priced

logger = logging.getLogger(__name__)
Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
# Who pays when gift cards and credit leave nothing to pay.
BY_VALUE = "gift_card"
# What is kept for the cart's shopper. Only he gets more of it, and he has the cart locked then.
HELD = Reservation.objects.filter(holder=OuterRef("holder")).order_by()
CART = Prepared(
    lambda cart: (
        Cart.objects.filter(pk=cart)
        .select_related("market")
        .annotate(held=ArraySubquery(HELD.values_list("stock_item__variant_id")))
        .select_for_update(of=("self",))
    )
)
ORDERED = "update orders_cart set ordered_at = %s where id = %s"


class CartChanged(Refused):
    """Raised when a cart is empty or holds something that can't be ordered like this."""


class NoDelivery(Refused):
    """Raised when the chosen way of delivery does not go there (any more)."""


class NoPickup(NoDelivery):
    """Raised when nobody said where it is to be fetched, or it can't be fetched there (any more)."""


class CostsMore(Refused):
    """Raised when the order would cost more than the shopper was shown. reasons: in words."""

    def __init__(self, was: Decimal, now: Decimal, reasons: list[str]) -> None:
        super().__init__(_("The total has changed. Nothing was ordered yet."))
        self.was, self.now, self.reasons = was, now, reasons


class Busy(Refused):
    """Raised when too many people want the same thing at this moment; trying again helps."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the shopper decided on the checkout page."""

    buyer: Buyer
    shipping_method: str
    payment_method: str
    language: str
    # Where it is fetched, "point:<code>" or "collect:<code>"; empty: brought to the door.
    pickup: str = ""
    # The sum the shopper saw when pressing the button; None when nobody says.
    seen_total: Decimal | None = None
    # Where the shopper was; None when nobody knows. Kept with the order, never logged.
    ip: str | None = None


def place_order(*, cart: Cart, choice: Choice, now: dt.datetime) -> Order:
    """Turn a cart into an order and set its goods aside, or change nothing.

    The same cart placed twice gives the first order again. Raises OutOfStock, CartChanged,
    NoDelivery, NotOffered, CostsMore, UsedUp or Busy; all are Refused.
    """
    # What carriers said on the page; nobody asks them while shelves are locked.
    said = asking_carriers.remembered(cart, choice.buyer.country, choice.buyer.postcode)
    try:
        with rulebook.one_moment(is_new=True):
            return _place_order(cart_id=cart.pk, choice=choice, said=said, now=now)
    except OperationalError as error:
        raise Busy(_("Many people are ordering right now. Please try again.")) from error


@transaction.atomic(durable=True)
def _place_order(*, cart_id: int, choice: Choice, said: Said, now: dt.datetime) -> Order:
    cart = locked_as(CART, cart=cart_id)[0]
    if cart.ordered_at is not None:
        return Order.objects.get(cart=cart)
    priced = _priced_for(cart, choice, said, now)
    _look_at_shelves(cart, priced, now)
    terms = _terms(cart, choice, priced, now)
    order, lines = orders.record(
        buyer=choice.buyer, quote=priced.quote, goods=goods_of(priced), terms=terms
    )
    agreeing.at_placement(order=order, now=now, written=terms.agreed)
    if any(line.line.answers for line in priced.lines):
        # Gifts come after the cart's own lines.
        asked = (line.line for line in priced.lines)
        extras.hand_over_pictures(lines=zip(lines, asked, strict=False))
    cart.ordered_at = now
    run(ORDERED, [now, cart.pk])
    ruling.happened(order=order, when=OrderRule.When.PLACED, now=now)
    # Rows that others wait for are locked last.
    reserving.set_aside(order=order, now=now, shopper=_shopper(cart), lines=lines)
    uses.take(order=order, taken=_taken(priced.quote), codes=_codes(priced.quote), now=now)
    _ask_for_money(order, cart, priced, now)
    logger.info("order placed", extra={"order": order.number})
    return order


def _shopper(cart: Cart) -> Shopper:
    """Whoever held this cart's goods, and what he holds."""
    return Shopper(cart.holder, frozenset(cart.held))  # type: ignore[attr-defined]


def _look_at_shelves(cart: Cart, priced: Priced, now: dt.datetime) -> None:
    """Refuse what is plainly gone before anything is written or locked. Raises OutOfStock.

    Whether there is enough is decided once the shelves are locked.
    """
    units = Counter[int]()
    for line in priced.lines:
        units[line.line.variant_id] += line.line.quantity
    stock = priced.stock or availability(units, cart.holder, now=now)
    if short := {pk: stock[pk].sellable for pk in units if stock[pk].sellable < units[pk]}:
        raise OutOfStock(short)


def _priced_for(cart: Cart, choice: Choice, said: Said, now: dt.datetime) -> Priced:
    """Quote once more, from what the shop knows now, and refuse what no longer holds."""
    buyer = choice.buyer
    asked = Asked(
        country=buyer.country,
        postcode=buyer.postcode,
        shipping_method=choice.shipping_method,
        email=buyer.email,
        vat_number=buyer.vat_number,
        pickup=choice.pickup,
        said=said,
        is_settled=True,
    )
    priced = quoting.quote(cart=cart, market=cart.market, asked=asked, now=now)
    if not priced.all_lines:
        raise CartChanged(_("Your basket is empty."))
    if problem := next((line for line in priced.all_lines if line.problem), None):
        raise CartChanged(f"{problem.variant.product.title}: {problem.problem}")
    chosen = priced.quote.delivery
    needs_parcel = any(line.variant.product.type.is_shipped for line in priced.lines)
    if needs_parcel and (chosen is None or chosen.code != choice.shipping_method):
        raise NoDelivery(_("Choose one of the delivery options for this address."))
    if chosen is not None and chosen.kind != Method.Kind.HOME and priced.spot is None:
        raise NoPickup(_("Choose where you would like to fetch it."))
    total = priced.quote.total.gross
    if choice.seen_total is not None and total > choice.seen_total:
        reasons = [one.words for one in priced.entered if not one.works]
        raise CostsMore(choice.seen_total, total, reasons)
    if priced.to_pay > ZERO and choice.payment_method not in ("", BY_VALUE):
        sale = sale_of(cart, priced, country=buyer.country, now=now)
        methods.check(choice.payment_method, sale)
    return priced


def sale_of(cart: Cart, priced: Priced, *, country: str, now: dt.datetime) -> Sale:
    """What a way to pay is chosen for."""
    return Sale(
        market=cart.market,
        total=priced.to_pay,
        country=country,
        customer=cart.customer,
        has_parcel=any(line.variant.product.type.is_shipped for line in priced.lines),
        now=now,
    )


def goods_of(priced: Priced) -> dict[int, Goods]:
    """What an order copies of everything that was priced, by its key in the quote."""
    goods = {line.line.pk: _goods(line) for line in priced.lines}
    return goods | {gift.key: plain_goods(gift.variant) for gift in priced.gifts}


def _taken(figures: Quote) -> dict[int, Decimal]:
    """What every promotion that applies took off, by its id; nothing for what only adds words."""
    return {one.deal.key: one.amount for one in figures.outcomes if one.applies}


def _codes(figures: Quote) -> dict[int, str]:
    return {
        one.deal.key: one.deal.code for one in figures.outcomes if one.applies and one.deal.code
    }


def _goods(line: LineInCart) -> Goods:
    extras = [one.as_json() for one in line.extras]
    return replace(
        plain_goods(line.variant), extras=extras, parts=[_part(one) for one in line.parts]
    )


def plain_goods(variant: Variant) -> Goods:
    """What an order copies of a variant without extras and parts."""
    image = picture_for(variant)
    return Goods(
        variant=variant,
        title=variant.product.title,
        label=variant.label,
        image=picture_of(image).as_json() if image else None,
        is_shipped=variant.product.type.is_shipped,
    )


def _part(one: BundlePart) -> Part:
    title = ", ".join(filter(None, (one.part.product.title, one.part.label)))
    return Part(one.part, title[:255], one.quantity)


def _terms(cart: Cart, choice: Choice, priced: Priced, now: dt.datetime) -> Terms:
    agreed = policies.in_force(now=now)
    return Terms(
        market=cart.market,
        cart=cart,
        language=choice.language,
        payment_method=choice.payment_method or BY_VALUE,
        customer=cart.customer,
        exchange_rate=exchange_rate(cart.market.currency, now) or Decimal(1),
        policy=next((one for one in agreed if one.slug == "terms"), None),
        agreed=agreed,
        placed_at=now,
        ip=choice.ip,
        pickup=priced.spot.as_json() if priced.spot else {},
        expires_at=now + methods.patience(choice.payment_method or BY_VALUE),
    )


def _ask_for_money(order: Order, cart: Cart, priced: Priced, now: dt.datetime) -> None:
    """Hold what gift cards and credit pay; the rest is a provider's. Without a rest it is paid."""
    left = _held_of_value(order, cart, priced, now)
    if left <= ZERO:
        settling.settled(order=order, move=Move(now=now))
        return
    if order.payment_method == BY_VALUE:
        raise CartChanged(_("Choose how to pay the rest."))
    if not gateway(order.payment_method).is_online:
        payments.open_first(order=order, provider=order.payment_method, amount=left, now=now)
        telling.owe_confirmation(order=order, now=now, paid=None if priced.shares else [])
        if gateway(order.payment_method).sends_first:
            confirming.accept(order=order, move=Move(now=now))


def _held_of_value(order: Order, cart: Cart, priced: Priced, now: dt.datetime) -> Decimal:
    """Hold what the buyer was shown that gift cards and credit pay; returns what is left."""
    if not priced.shares:
        return order.total
    shown = sum((share.amount for share in priced.shares), ZERO)
    left = stored_value.hold(order=order, digests=priced.digests, customer=cart.customer, now=now)
    if left > order.total - shown:
        raise CartChanged(_("There is less on your gift card than a moment ago."))
    return left
