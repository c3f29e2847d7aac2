"""Checkout: price the cart, write the order, set the goods aside, take the money, say thanks."""

import datetime as dt
import logging
from dataclasses import dataclass
from decimal import Decimal

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import PolicyVersion, User
from catalog.models import BundlePart
from catalog.queries.pictures import picture_of
from catalog.queries.rates import exchange_rate
from inventory.services import keys, stock
from marketing.services import uses
from orders.models import Cart, Order, OrderLine
from orders.queries import LineInCart, holders_of, picture_for
from orders.services import extras, orders
from orders.services.orders import Buyer, Goods, Move, Part, Terms
from orders.services.pricing import Quote
from payments.gateways import BALANCES, gateway
from payments.gateways.base import Standing, State
from payments.models import Payment, PaymentEvent
from payments.services import payments, stored_value
from payments.services.payments import Fact
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import browsing, handover, quoting, refunding
from shop.processes.quoting import Asked, GiftLine, Priced

logger = logging.getLogger(__name__)
Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
# Who pays when gift cards and credit leave nothing to pay.
BY_VALUE = "gift_card"


class CartChanged(Refused):
    """Raised when a cart is empty or holds something that can't be ordered like this."""


class NoDelivery(Refused):
    """Raised when the chosen way of delivery does not go there (any more)."""


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
    # The sum the shopper saw when pressing the button; None when nobody says.
    seen_total: Decimal | None = None


def place_order(*, cart: Cart, choice: Choice, now: dt.datetime) -> Order:
    """Turn a cart into an order and set its goods aside, or change nothing.

    The same cart placed twice gives the first order again. Raises OutOfStock, CartChanged,
    NoDelivery, CostsMore, UsedUp or Busy; all are Refused.
    """
    try:
        return _place_order(cart_id=cart.pk, choice=choice, now=now)
    except OperationalError as error:
        raise Busy(_("Many people are ordering right now. Please try again.")) from error


@transaction.atomic(durable=True)
def _place_order(*, cart_id: int, choice: Choice, now: dt.datetime) -> Order:
    cart = locked(Cart.objects.filter(pk=cart_id))[0]
    if cart.ordered_at is not None:
        return Order.objects.get(cart=cart)
    priced = _priced_for(cart, choice, now)
    order = orders.record(
        buyer=choice.buyer,
        quote=priced.quote,
        goods=_all_goods(priced),
        terms=_terms(cart, choice, now),
    )
    lines = list(
        order.lines.select_related("variant").prefetch_related("parts").order_by("position")
    )
    # Gifts come after the cart's own lines.
    extras.hand_over_pictures(lines=zip(lines, (line.line for line in priced.lines), strict=False))
    _set_aside(order, lines, now)
    uses.take(order=order, taken=_taken(priced.quote), codes=_codes(priced.quote), now=now)
    cart.ordered_at = now
    cart.save(update_fields=["ordered_at"])
    _ask_for_money(order, cart, priced, now)
    logger.info("order placed", extra={"order": order.number})
    return order


def _priced_for(cart: Cart, choice: Choice, now: dt.datetime) -> Priced:
    """Quote once more, from what the shop knows now, and refuse what no longer holds."""
    buyer = choice.buyer
    asked = Asked(
        country=buyer.country,
        postcode=buyer.postcode,
        shipping_method=choice.shipping_method,
        email=buyer.email,
        vat_number=buyer.vat_number,
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
    total = priced.quote.total.gross
    if choice.seen_total is not None and total > choice.seen_total:
        reasons = [one.words for one in priced.entered if not one.works]
        raise CostsMore(choice.seen_total, total, reasons)
    return priced


def _all_goods(priced: Priced) -> dict[int, Goods]:
    goods = {line.line.pk: _goods(line) for line in priced.lines}
    return goods | {gift.key: _gift(gift) for gift in priced.gifts}


def _taken(figures: Quote) -> dict[int, Decimal]:
    """What every promotion that applies took off, by its id; nothing for what only adds words."""
    return {one.deal.key: one.amount for one in figures.outcomes if one.applies}


def _codes(figures: Quote) -> dict[int, str]:
    return {
        one.deal.key: one.deal.code for one in figures.outcomes if one.applies and one.deal.code
    }


def _goods(line: LineInCart) -> Goods:
    variant = line.variant
    image = picture_for(variant)
    return Goods(
        variant=variant,
        title=variant.product.title,
        label=variant.label,
        image=picture_of(image).as_json() if image else None,
        is_shipped=variant.product.type.is_shipped,
        extras=[one.as_json() for one in line.extras],
        parts=[_part(one) for one in line.parts],
    )


def _gift(gift: GiftLine) -> Goods:
    variant = gift.variant
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


def _terms(cart: Cart, choice: Choice, now: dt.datetime) -> Terms:
    return Terms(
        market=cart.market,
        cart=cart,
        language=choice.language,
        payment_method=choice.payment_method or BY_VALUE,
        customer=cart.customer,
        exchange_rate=exchange_rate(cart.market.currency, now) or Decimal(1),
        policy=PolicyVersion.objects.filter(slug="terms").current(now=now).first(),
        placed_at=now,
        expires_at=now + gateway(choice.payment_method or BY_VALUE).patience,
    )


def _set_aside(order: Order, lines: list[OrderLine], now: dt.datetime) -> None:
    """Promise shelves and keys to the order: whole lines and parts of bundles in one go."""
    units = {
        holder: (variant_id, line.quantity * each)
        for line in lines
        if line.is_shipped
        for holder, (variant_id, each) in holders_of(line).items()
        if variant_id is not None
    }
    stock.allocate(lines=units, reference=order.number, now=now)
    pools = {
        line.holder: (line.variant_id, line.quantity)
        for line in lines
        if line.variant_id and line.variant and line.variant.uses_keys
    }
    keys.reserve(lines=pools, now=now)
    touched = {variant for variant, _count in (*units.values(), *pools.values())}
    browsing.stock_moved(variant_ids=touched, now=now)


def _ask_for_money(order: Order, cart: Cart, priced: Priced, now: dt.datetime) -> None:
    """Hold what gift cards and credit pay; the rest is a provider's. Without a rest it is paid."""
    shown = sum((share.amount for share in priced.shares), ZERO)
    left = stored_value.hold(order=order, digests=priced.digests, customer=cart.customer, now=now)
    if left > order.total - shown:
        raise CartChanged(_("There is less on your gift card than a moment ago."))
    if left <= ZERO:
        _settled(order, Move(now=now))
        return
    if order.payment_method == BY_VALUE:
        raise CartChanged(_("Choose how to pay the rest."))
    if not gateway(order.payment_method).is_online:
        payments.open_attempt(order=order, provider=order.payment_method, now=now)
        _owe_confirmation(order, now)


def _settled(order: Order, move: Move) -> None:
    """All of the money is there: take what was held, confirm, hand over, say thanks."""
    stored_value.settle(order=order, now=move.now)
    orders.set_payment(order=order, status=payments.status_of(order), move=move)
    if order.can_confirm:
        orders.move_to(order=order, status=Order.Status.CONFIRMED, move=move)
    if order.payment_status == Order.Payment.PAID:
        handover.hand_over(order=order, move=Move(now=move.now))
    _owe_confirmation(order, move.now)


def _owe_confirmation(order: Order, now: dt.datetime) -> None:
    post(
        topic="mail.order_confirmation",
        key=f"order-{order.number}-confirmation",
        payload={"order_id": order.pk, "paid": _paid(order)},
        now=now,
    )
    outbox.ring()


def _paid(order: Order) -> list[tuple[str, str]]:
    """Who paid what, for the mail to tell where gift cards or credit did a part."""
    if not Payment.objects.filter(order=order, provider__in=BALANCES).exists():
        return []
    return [(one.name, str(one.amount)) for one in payments.paid_with(order)]


def confirm_payment(*, payment_id: int, standing: Standing, now: dt.datetime) -> Order:
    """Write down what a provider says of a payment, once, whoever brings the news.

    The return page, the webhook and the clock all come here. Money that does not match the
    order puts it on hold; money for an order that is gone goes back.
    """
    with transaction.atomic(durable=True):
        order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
        order = orders.lock(order_id=order_id)
        payment = payments.lock(payment_id=payment_id)
        if standing.state == State.CLOSED and payment.is_open:
            payments.close(payment=payment, message=standing.message, now=now)
        if standing.state == State.CHARGED:
            _charged(order, payment, standing, now)
        return order


def _charged(order: Order, payment: Payment, standing: Standing, now: dt.datetime) -> None:
    fact = Fact(Kind.CHARGE, Stage.SUCCESS, standing.amount, standing.reference)
    if not payments.record(payment=payment, fact=fact, now=now):
        return
    move = Move(now=now, note=standing.reference)
    if (standing.amount, standing.currency) != (payment.amount, payment.currency):
        orders.hold(order=order, reason=_("The amount paid is not the order's total."), move=move)
        return
    if order.status in (Order.Status.EXPIRED, Order.Status.CANCELED):
        refunding.give_back(
            payment=payment, reason=_("Paid after the order was closed."), actor=None, now=now
        )
        return
    _settled(order, move)
    if not gateway(payment.provider).is_online:
        _owe_mail("payment_received", order, now)


def mark_paid(*, order_id: int, actor: User | None, reference: str, now: dt.datetime) -> Order:
    """Staff saw the money: on the bank statement, in cash. Raises Refused when it was paid."""
    with transaction.atomic(durable=True):
        order = orders.lock(order_id=order_id)
        if not order.can_be_paid:
            raise Refused(_("This order is not waiting for money."))
        payment = payments.open_attempt(order=order, provider="bank_transfer", now=now)
        payment = payments.lock(payment_id=payment.pk)
        standing = Standing(
            State.CHARGED,
            payment.amount,
            payment.currency,
            f"{payment.idempotency_key}-{reference}"[:120],
        )
        orders.note(order=order, text=_("Marked as paid."), move=Move(now, actor))
        _charged(order, payment, standing, now)
        return order


def expire(*, now: dt.datetime, limit: int = 200) -> int:
    """Close orders that were never paid and put their goods back on sale."""
    overdue = Order.objects.overdue(now=now).order_by("pk").values_list("pk", flat=True)[:limit]
    return sum(_expire(order_id, now) for order_id in list(overdue))


@transaction.atomic(durable=True)
def _expire(order_id: int, now: dt.datetime) -> bool:
    order = orders.lock(order_id=order_id)
    if order.status != Order.Status.PENDING or order.expires_at is None or order.expires_at > now:
        return False
    orders.move_to(order=order, status=Order.Status.EXPIRED, move=Move(now=now))
    put_back(order=order, now=now)
    refunding.stop_payments(order=order, reason=_("Not paid in time."), actor=None, now=now)
    return True


def put_back(*, order: Order, now: dt.datetime) -> None:
    """Let others buy what this order had set aside, and use what it had used.

    Keys that were shown stay gone.
    """
    lines = list(order.lines.prefetch_related("parts"))
    holders = [holder for line in lines for holder in (line.holder, *holders_of(line))]
    # Shelves before uses, as when an order is placed: so the two never wait for each other.
    freed = stock.release(holders=holders, reference=order.number, now=now)
    if order.paid_at is None:
        freed += keys.release(holders=holders)
    uses.release(order=order, now=now)
    browsing.stock_came_back(variant_ids=freed, now=now)


def _owe_mail(kind: str, order: Order, now: dt.datetime) -> None:
    post(
        topic=f"mail.{kind}",
        key=f"order-{order.number}-{kind}",
        payload={"order_id": order.pk},
        now=now,
    )
    outbox.ring()
