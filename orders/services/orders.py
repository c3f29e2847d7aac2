"""Writing orders down and moving them, each move with its event."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from django.db import connection
from django.db.models import Model, QuerySet

from accounts.models import Customer, PolicyVersion, User
from catalog.models import Market, Variant
from orders.models import (
    Adjustment,
    Cart,
    Hold,
    Order,
    OrderEvent,
    OrderLine,
    OrderLinePart,
    TaxLine,
)
from orders.services import news
from orders.services.pricing import PricedItem, Quote, Rate, Taken
from shop.lib.locks import locked
from shop.lib.prepared import known
from shop.lib.tax import Taxed
from shop.lib.writing import insert, insert_together


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys and where it goes, as typed in the checkout and cleaned by its form."""

    email: str
    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    country: str
    phone: str = ""
    company: str = ""
    vat_number: str = ""
    # State or province, where letters need one.
    region: str = ""
    # Consent to be told by SMS; and what the packing slip says to whom it is a present for.
    wants_sms: bool = False
    gift_note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bundle, and how many of it one bundle has."""

    variant: Variant
    title: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Goods:
    """What an order line copies from the catalogue. extras: as OrderLine.extras keeps them."""

    variant: Variant
    title: str
    label: str
    image: dict[str, object] | None
    is_shipped: bool
    extras: Sequence[dict[str, str]] = ()
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How an order was placed."""

    market: Market
    cart: Cart | None
    language: str
    payment_method: str
    policy: PolicyVersion | None
    placed_at: dt.datetime
    expires_at: dt.datetime | None
    customer: Customer | None = None
    # Units of the main market's currency for one of the order's.
    exchange_rate: Decimal = Decimal(1)
    # Where the shopper was, if anybody knows.
    ip: str | None = None
    channel: str = Order.Channel.WEB
    # What somebody else calls it.
    reference: str = ""
    status: str = Order.Status.PENDING
    # Where it is fetched, as Order.pickup keeps it; nothing: brought to the door.
    pickup: dict[str, object] = field(default_factory=dict)
    # Every text that is agreed to with it, as it stands.
    agreed: Sequence[PolicyVersion] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Who moves an order, when, and why."""

    now: dt.datetime
    actor: User | None = None
    note: str = ""


def next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('orders_number')")
        return str(cursor.fetchone()[0])


def record(
    *, buyer: Buyer, quote: Quote, goods: dict[int, Goods], terms: Terms
) -> tuple[Order, list[OrderLine]]:
    """Write an order with its lines and taxes, frozen as quoted. goods: by Item.key."""
    order = Order(number=next_number(), **_fields(buyer, quote, terms))
    begun = _event(order, axis="status", to_state=order.status, move=Move(now=terms.placed_at))
    agreed = [Order.policies.through(order=order, policyversion=one) for one in terms.agreed]
    lines = _write_lines(order, quote, goods, [[begun], agreed])
    news.of_event(begun)
    return order, lines


def rewrite(
    *, order: Order, buyer: Buyer, quote: Quote, goods: dict[int, Goods], terms: Terms
) -> None:
    """Write a draft anew, as quoted now. It must be locked, and nothing may hang on its lines."""
    order.lines.all().delete()
    TaxLine.objects.filter(order=order).delete()
    Adjustment.objects.filter(order=order).delete()
    for name, value in _fields(buyer, quote, terms).items():
        setattr(order, name, value)
    order.save()
    _write_lines(order, quote, goods)


def _fields(buyer: Buyer, quote: Quote, terms: Terms) -> dict[str, object]:
    return {
        "cart": terms.cart,
        "market": terms.market,
        "customer": terms.customer,
        "currency": quote.currency,
        "exchange_rate": terms.exchange_rate,
        "language": terms.language,
        "payment_method": terms.payment_method,
        "terms": terms.policy,
        "placed_at": terms.placed_at,
        "expires_at": terms.expires_at,
        "ip": terms.ip,
        "channel": terms.channel,
        "reference": terms.reference,
        "status": terms.status,
        "pickup": terms.pickup,
        **{name: getattr(buyer, name) for name in Buyer.__slots__},
        **_delivery_fields(quote),
        "tax_relief": quote.rules.relief,
        "discount": quote.discount,
        "net": quote.total.net,
        "tax": quote.total.tax,
        "total": quote.total.gross,
    }


def _write_lines(
    order: Order,
    quote: Quote,
    goods: dict[int, Goods],
    beside: Sequence[Sequence[Model]] = (),
) -> list[OrderLine]:
    """The lines, as written, with their parts. beside: rows of a new order, which is written, too."""
    lines = [
        _line(order, position, priced, goods[priced.item.key])
        for position, priced in enumerate(quote.items)
    ]
    insert_together([] if order.pk else [order], lines, *beside)
    parts = [
        [_part(line, part) for part in goods[priced.item.key].parts]
        for line, priced in zip(lines, quote.items, strict=True)
    ]
    insert_together(
        chain.from_iterable(parts),
        _tax_lines(order, lines, quote),
        _adjustments(order, lines, quote),
    )
    for line, its_parts in zip(lines, parts, strict=True):
        known(line, parts=its_parts)
    return lines


def _delivery_fields(quote: Quote) -> dict[str, object]:
    fields: dict[str, object] = {
        "shipping_net": quote.delivery_amount.net,
        "shipping_tax": quote.delivery_amount.tax,
        "shipping_gross": quote.delivery_amount.gross,
    }
    if quote.delivery:
        fields |= {
            "shipping_method": quote.delivery.code,
            "shipping_name": quote.delivery.name,
            "arrives_from": quote.delivery.arrives_from,
            "arrives_by": quote.delivery.arrives_by,
        }
    return fields


def _line(order: Order, position: int, priced: PricedItem, goods: Goods) -> OrderLine:
    return OrderLine(
        order=order,
        position=position,
        variant=goods.variant,
        sku=goods.variant.sku,
        title=goods.title,
        variant_label=goods.label,
        image=goods.image,
        is_shipped=goods.is_shipped,
        quantity=priced.item.quantity,
        unit_price=priced.item.unit_price,
        price_note=priced.item.price_note,
        discount=priced.discount,
        is_gift=priced.is_gift,
        unit_cost=goods.variant.cost or Decimal(0),
        extras=list(goods.extras),
        net=priced.amount.net,
        tax=priced.amount.tax,
        gross=priced.amount.gross,
    )


def _part(line: OrderLine, part: Part) -> OrderLinePart:
    return OrderLinePart(
        line=line,
        variant=part.variant,
        sku=part.variant.sku,
        title=part.title,
        quantity=part.quantity,
    )


def _tax_lines(order: Order, lines: list[OrderLine], quote: Quote) -> list[TaxLine]:
    shares: list[tuple[OrderLine | None, str, Rate, Taxed]] = [
        (line, priced.item.tax_class, priced.rate, priced.amount)
        for line, priced in zip(lines, quote.items, strict=True)
    ]
    shares += [(None, one.tax_class, one.rate, one.amount) for one in quote.delivery_shares]
    return [
        TaxLine(
            order=order,
            line=line,
            country=quote.rules.country,
            region=quote.rules.region,
            tax_class=tax_class,
            name=rate.name,
            rate=rate.rate,
            base=amount.net,
            amount=amount.tax,
            included=quote.rules.included,
        )
        for line, tax_class, rate, amount in shares
    ]


def _adjustments(order: Order, lines: list[OrderLine], quote: Quote) -> list[Adjustment]:
    shares: list[tuple[OrderLine | None, Taken]] = [
        (line, taken)
        for line, priced in zip(lines, quote.items, strict=True)
        for taken in priced.taken
    ]
    shares += [(None, taken) for taken in quote.delivery_taken]
    return [
        Adjustment(
            order=order,
            line=line,
            promotion=taken.deal,
            label=taken.label,
            code=taken.code,
            amount=-taken.amount,
        )
        for line, taken in shares
    ]


def lock(*, order_id: int) -> Order:
    """The order, held for this transaction. Raises Order.DoesNotExist."""
    found = locked(Order.objects.filter(pk=order_id))
    if not found:
        raise Order.DoesNotExist(order_id)
    return found[0]


def move_to(*, order: Order, status: str, move: Move) -> None:
    """Move the order's own status. Raises InvalidTransition."""
    order.check_move(status)
    was, order.status = order.status, status
    if status == Order.Status.CONFIRMED and order.confirmed_at is None:
        order.confirmed_at = move.now
    order.save(update_fields=["status", "confirmed_at"])
    event(order, axis="status", from_state=was, to_state=status, move=move)


PAID = (Order.Payment.PAID, Order.Payment.PARTIALLY_REFUNDED)
OWING = (Order.Payment.PENDING, Order.Payment.PARTIALLY_PAID)


def set_payment(*, order: Order, status: str, move: Move) -> None:
    """Store the payment status that the payments add up to."""
    if order.payment_status == status:
        return
    was, order.payment_status = order.payment_status, status
    if status in PAID and order.paid_at is None:
        order.paid_at = move.now
    elif status in OWING:
        # Something was added to what had been paid.
        order.paid_at = None
    order.save(update_fields=["payment_status", "paid_at"])
    event(order, axis="payment", from_state=was, to_state=status, move=move)


def set_fulfillment(*, order: Order, move: Move) -> None:
    """Store the delivery status that the lines add up to."""
    # A service, which has no SKU, goes with the goods.
    lines = [line for line in order.lines.all() if line.sku]
    if not any(line.fulfilled for line in lines):
        status = Order.Fulfillment.UNFULFILLED
    elif any(line.unfulfilled for line in lines):
        status = Order.Fulfillment.PARTIALLY_FULFILLED
    elif order.fulfillment_status == Order.Fulfillment.DELIVERED:
        status = Order.Fulfillment.DELIVERED
    else:
        status = Order.Fulfillment.FULFILLED
    news.sent(order, units=sum(line.fulfilled for line in lines), now=move.now)
    if order.fulfillment_status != status:
        was, order.fulfillment_status = order.fulfillment_status, status
        order.save(update_fields=["fulfillment_status"])
        event(order, axis="fulfilment", from_state=was, to_state=status, move=move)


def note(*, order: Order, text: str, move: Move) -> OrderEvent:
    """Something a person wants to remember about an order."""
    return event(order, axis="note", to_state="", move=Move(move.now, move.actor, text[:500]))


def hold(*, order: Order, reason: str, move: Move, kind: str = Hold.Kind.OTHER) -> Hold:
    """Stop an order until somebody releases it; it waits for one reason of a kind at a time."""
    if kind != Hold.Kind.OTHER and (known := holds(order).filter(kind=kind).first()):
        return known
    event(order, axis="hold", to_state="held", move=Move(move.now, move.actor, reason[:500]))
    return Hold.objects.create(
        order=order, kind=kind, reason=reason[:200], placed_at=move.now, placed_by=move.actor
    )


def holds(order: Order) -> "QuerySet[Hold]":
    """What stops the order now."""
    return Hold.objects.filter(order=order, released_at=None)


def release(*, hold: Hold, move: Move) -> None:
    """Take a stop sign away. The order must be locked."""
    if hold.released_at is not None:
        return
    hold.released_at, hold.released_by = move.now, move.actor
    hold.save(update_fields=["released_at", "released_by"])
    event(hold.order, axis="hold", from_state="held", to_state="released", move=move)


def event(
    order: Order, *, axis: str, to_state: str, move: Move, from_state: str = ""
) -> OrderEvent:
    made = _event(order, axis=axis, to_state=to_state, move=move, from_state=from_state)
    insert([made])
    news.of_event(made)
    return made


def _event(
    order: Order, *, axis: str, to_state: str, move: Move, from_state: str = ""
) -> OrderEvent:
    return OrderEvent(
        order=order,
        axis=axis,
        from_state=from_state,
        to_state=to_state,
        at=move.now,
        actor=move.actor,
        note=move.note,
    )
