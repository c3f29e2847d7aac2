"""The rows of a sale: order, lines, taxes, history, payment, refund, parcel, stock movements."""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inventory.models import Allocation, StockMovement
from orders.models import Order, OrderEvent, OrderLine, TaxLine
from payments.models import GrantedLine, GrantedRefund, Payment, PaymentEvent, Refund
from shipping.models import Fulfilment, FulfilmentEvent, FulfilmentLine, TrackingEvent
from shop.demo.seeding import states
from shop.demo.seeding.copying import as_json
from shop.demo.seeding.counter import Offer
from shop.demo.seeding.loading import Columns, Load
from shop.demo.seeding.sales import Sale
from shop.demo.seeding.stories import Back, Story
from shop.lib.money import ZERO
from shop.lib.tax import NOTHING, Taxed

COLUMNS: Columns = {
    Order: "id number market_id currency language channel status payment_status"
    " fulfillment_status return_status email name line1 line2 city postcode country phone"
    " shipping_method shipping_name arrives_from arrives_by payment_method shipping_net"
    " shipping_tax shipping_gross net tax total refunded placed_at expires_at confirmed_at paid_at"
    " exchange_rate",
    OrderLine: "id order_id holder variant_id position sku title variant_label image is_shipped"
    " quantity fulfilled unit_price unit_cost extras net tax gross",
    TaxLine: "id order_id line_id country tax_class name rate base amount included",
    OrderEvent: "order_id axis from_state to_state at note",
    Payment: "id order_id provider attempt provider_ref amount currency charged refund_pending"
    " refunded charge_ref is_open created_at",
    PaymentEvent: "payment_id kind stage amount provider provider_ref message at data",
    GrantedRefund: "id order_id kind to reason net tax total unpaid granted_at settled_at key",
    GrantedLine: "grant_id tax_line_id line_id quantity net tax gross",
    Refund: "id payment_id grant_id amount reason status provider_ref requested_at settled_at",
    Fulfilment: "id order_id position goods_cost status carrier tracking_number tracking_url"
    " created_at shipped_at delivered_at tracking_status",
    FulfilmentLine: "fulfilment_id order_line_id quantity",
    FulfilmentEvent: "fulfilment_id axis from_state to_state at note",
    TrackingEvent: "fulfilment_id status words place at heard_at",
    StockMovement: "stock_item_id kind on_hand_change allocated_change value_change reason reference"
    " at",
    Allocation: "holder stock_item_id quantity created_at",
}
# What reports convert by.
IN_POUNDS = {"EUR": Decimal("0.86")}
Granted = GrantedRefund.Kind
Kind = PaymentEvent.Kind
Stage = PaymentEvent.Stage
Moved = StockMovement.Kind
Parcel = Fulfilment.Status
Tracking = Fulfilment.Tracking
# Between the label, the van that collects and the parcel centre.
COLLECTED = dt.timedelta(minutes=40)
ON_THE_VAN = dt.timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Ids:
    """Primary keys and order numbers set aside for this batch."""

    orders: Iterator[int]
    numbers: Iterator[str]
    lines: Iterator[int]
    taxes: Iterator[int]
    payments: Iterator[int]
    grants: Iterator[int]
    refunds: Iterator[int]
    fulfilments: Iterator[int]


@dataclass(frozen=True, slots=True)
class Known:
    """What bookings look up: stock items and pictures by variant, tracking pages by method."""

    stock_items: Mapping[int, int]
    pictures: Mapping[int, dict[str, Any]]
    tracking_page: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A line, or the delivery (without one): its tax line, units and amount."""

    tax_id: int
    line_id: int | None
    units: int
    amount: Taxed


@dataclass(frozen=True, slots=True)
class Needed:
    """A stock item that a month's orders need units of, and what a unit costs."""

    item_id: int
    variant_id: int
    month: dt.datetime
    cost: Decimal


class Bookings:
    """Turns sales into rows, and counts what they took from the shelf and what they hold."""

    def __init__(self, ids: Ids, known: Known, rng: random.Random) -> None:
        self.load = Load(COLUMNS)
        self.left: Counter[Needed] = Counter()
        self.held: Counter[Needed] = Counter()
        self._ids, self._known, self._rng = ids, known, rng

    def book(self, sale: Sale) -> None:
        order_id, number = next(self._ids.orders), next(self._ids.numbers)
        given_back = _given_back(sale)
        self._order(order_id, number, sale, given_back)
        parts = [self._line(order_id, place, number, sale) for place in range(len(sale.offers))]
        line_ids = [part.line_id for part in parts if part.line_id]
        if sale.quote.delivery:
            rate, amount = sale.quote.delivery_shares[0].rate, sale.quote.delivery_amount
            share = (sale.quote.delivery.tax_class, rate, amount)
            parts.append(Part(self._tax(order_id, None, sale, share), None, 0, amount))
        for event in states.events(sale.story, keeps_some=_keeps_some(sale, given_back)):
            self.load.add(OrderEvent, order_id, *event)
        grant_id = self._grant(order_id, parts, sale) if given_back else None
        self._payment(order_id, sale, given_back, grant_id)
        if sale.story.shipped_at:
            self._parcel(order_id, line_ids, sale)

    def _order(self, order_id: int, number: str, sale: Sale, given_back: Decimal) -> None:
        story, quote, buyer = sale.story, sale.quote, sale.buyer
        delivery, charge = quote.delivery, quote.delivery_amount
        keeps_some = _keeps_some(sale, given_back)
        self.load.add(
            Order,
            *(order_id, number, sale.market.pk, quote.currency, sale.market.language, "web"),
            *(states.status(story), states.payment_status(story, keeps_some=keeps_some)),
            *(states.fulfillment_status(story), states.return_status(story)),
            *(buyer.email, buyer.name, buyer.line1, buyer.line2),
            *(buyer.city, buyer.postcode, buyer.country, buyer.phone),
            *((delivery.code, delivery.name) if delivery else ("", "")),
            *((delivery.arrives_from, delivery.arrives_by) if delivery else (None, None)),
            *(story.payment_method, charge.net, charge.tax, charge.gross),
            *(quote.total.net, quote.total.tax, quote.total.gross, given_back),
            *(story.placed_at, story.expires_at, story.paid_at, story.paid_at),
            IN_POUNDS.get(quote.currency, Decimal(1)),
        )

    def _line(self, order_id: int, place: int, number: str, sale: Sale) -> Part:
        offer, priced = sale.offers[place], sale.quote.items[place]
        line_id, holder = (
            next(self._ids.lines),
            uuid.UUID(int=self._rng.getrandbits(128), version=4),
        )
        units, amount = priced.item.quantity, priced.amount
        self.load.add(
            OrderLine,
            *(line_id, order_id, holder, offer.variant_id, place, offer.sku, offer.title),
            *(offer.label, as_json(self._known.pictures.get(offer.variant_id)), offer.is_shipped),
            *(units, units if sale.story.shipped_at else 0, offer.price, offer.cost),
            *(as_json([]), amount.net, amount.tax, amount.gross),
        )
        tax_id = self._tax(order_id, line_id, sale, (offer.tax_class, priced.rate, amount))
        if offer.is_shipped:
            self._stock(offer, units, number, sale.story)
            if not (sale.story.is_over or sale.story.shipped_at):
                item_id = self._known.stock_items[offer.variant_id]
                self.load.add(Allocation, holder, item_id, units, sale.story.placed_at)
        return Part(tax_id, line_id, units, amount)

    def _tax(
        self, order_id: int, line_id: int | None, sale: Sale, share: tuple[str, Any, Any]
    ) -> int:
        tax_id, (tax_class, rate, amount) = next(self._ids.taxes), share
        rules = sale.quote.rules
        name = (rules.country, tax_class, rate.name, rate.rate)
        ids = (tax_id, order_id, line_id)
        self.load.add(TaxLine, *ids, *name, amount.net, amount.tax, rules.included)
        return tax_id

    def _stock(self, offer: Offer, units: int, number: str, story: Story) -> None:
        item_id, nothing = self._known.stock_items[offer.variant_id], ZERO
        needed = Needed(item_id, offer.variant_id, _month_of(story.placed_at), offer.cost)
        moves = [(Moved.ALLOCATION, 0, units, nothing, story.placed_at)]
        if story.shipped_at:
            worth = -units * offer.cost
            moves.append((Moved.SALE, -units, -units, worth, story.shipped_at))
            self.left[needed] += units
        elif over_at := story.expired_at or story.canceled_at:
            moves.append((Moved.RELEASE, 0, -units, nothing, over_at))
        else:
            self.held[needed] += units
        for *changes, at in moves:
            self.load.add(StockMovement, item_id, *changes, "", number, at)

    def _grant(self, order_id: int, parts: list[Part], sale: Sale) -> int:
        """Why money goes back: all of the order, or its first line."""
        grant_id, story = next(self._ids.grants), sale.story
        granted = parts if story.back == Back.ALL else parts[:1]
        given = sum((part.amount for part in granted), NOTHING)
        kind = Granted.CANCELLATION if story.canceled_at else Granted.REFUND
        times = (story.canceled_at or story.refunded_at, story.refunded_at)
        self.load.add(
            GrantedRefund,
            *(grant_id, order_id, kind, GrantedRefund.To.ORIGIN, states.reason(story)),
            *(given.net, given.tax, given.gross, ZERO, *times, f"demo-{order_id}"),
        )
        for part in granted:
            amounts = (part.amount.net, part.amount.tax, part.amount.gross)
            row = (grant_id, part.tax_id, part.line_id, part.units, *amounts)
            self.load.add(GrantedLine, *row)
        return grant_id

    def _payment(
        self, order_id: int, sale: Sale, given_back: Decimal, grant_id: int | None
    ) -> None:
        story, total = sale.story, sale.quote.total.gross
        payment_id, provider = next(self._ids.payments), story.payment_method
        key = f"order-{order_id}-{provider}-1"
        named = key if provider == "bank_transfer" else f"cs_demo_{order_id}"
        charged = total if story.paid_at else ZERO
        paid = f"{key}-paid" if provider == "bank_transfer" else f"pi_demo_{order_id}"
        charge_ref = paid if charged and provider == "card" else ""
        waits = not (story.paid_at or story.is_over)
        self.load.add(
            Payment,
            *(payment_id, order_id, provider, 1, named, total, sale.quote.currency),
            *(charged, ZERO, given_back, charge_ref, waits, story.placed_at),
        )
        facts = [(Kind.CHARGE, Stage.REQUEST, total, key, "", story.placed_at)]
        if story.paid_at:
            facts.append((Kind.CHARGE, Stage.SUCCESS, total, paid, "", story.paid_at))
        elif story.expired_at:
            facts.append((Kind.CHARGE, Stage.FAILURE, ZERO, key, "Expired.", story.expired_at))
        if grant_id:
            facts += self._refund(payment_id, grant_id, story, given_back)
        for kind, stage, amount, reference, message, at in facts:
            event = (payment_id, kind, stage, amount, provider, reference, message, at)
            self.load.add(PaymentEvent, *event, as_json({}))

    def _refund(
        self, payment_id: int, grant_id: int, story: Story, amount: Decimal
    ) -> list[tuple[Any, ...]]:
        refund_id, reason = next(self._ids.refunds), states.reason(story)
        asked_at = story.canceled_at or story.refunded_at
        done = (Refund.Status.SUCCEEDED, f"re_demo_{refund_id}", asked_at, story.refunded_at)
        self.load.add(Refund, refund_id, payment_id, grant_id, amount, reason, *done)
        key = f"refund-{refund_id}"
        return [
            (Kind.REFUND, Stage.REQUEST, amount, key, reason, asked_at),
            (Kind.REFUND, Stage.SUCCESS, amount, key, "", story.refunded_at),
        ]

    def _parcel(self, order_id: int, line_ids: list[int], sale: Sale) -> None:
        story, delivery = sale.story, sale.quote.delivery
        fulfilment_id = next(self._ids.fulfilments)
        number = f"MW{self._rng.randrange(10**9):09d}GB" if delivery else ""
        page = self._known.tracking_page(delivery.code, number) if delivery else ""
        status = Parcel.DELIVERED if story.delivered_at else Parcel.SHIPPED
        carried = (delivery.carrier if delivery else "", number, page)
        times = (story.shipped_at, story.shipped_at, story.delivered_at)
        followed = _tracking(story) if number else []
        cost = sum(
            one.cost * priced.item.quantity
            for one, priced in zip(sale.offers, sale.quote.items, strict=True)
            if one.is_shipped
        )
        last = followed[-1][0] if followed else ""
        own = (fulfilment_id, order_id, 1, cost, status)
        self.load.add(Fulfilment, *own, *carried, *times, last)
        for step, moment in followed:
            self.load.add(TrackingEvent, fulfilment_id, step, "", "", moment, moment)
        for line_id, priced in zip(line_ids, sale.quote.items, strict=True):
            self.load.add(FulfilmentLine, fulfilment_id, line_id, priced.item.quantity)
        moves = [(Parcel.PENDING, Parcel.SHIPPED, story.shipped_at)]
        if story.delivered_at:
            moves.append((Parcel.SHIPPED, Parcel.DELIVERED, story.delivered_at))
        for was, became, at in moves:
            self.load.add(FulfilmentEvent, fulfilment_id, "status", was, became, at, "")


def _tracking(story: Story) -> list[tuple[str, dt.datetime]]:
    """What a carrier says of a parcel on its way, up to now."""
    if story.shipped_at is None:
        return []
    steps: list[tuple[str, dt.datetime]] = [
        (Tracking.PRE_TRANSIT, story.shipped_at - COLLECTED),
        (Tracking.IN_TRANSIT, story.shipped_at + COLLECTED),
    ]
    if (arrived := story.delivered_at) is not None:
        steps += [
            (Tracking.OUT_FOR_DELIVERY, max(steps[-1][1], arrived - ON_THE_VAN)),
            (Tracking.DELIVERED, arrived),
        ]
    return steps


def _month_of(moment: dt.datetime) -> dt.datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _given_back(sale: Sale) -> Decimal:
    if sale.story.refunded_at is None or sale.story.back == Back.NOTHING:
        return ZERO
    if sale.story.back == Back.ALL:
        return sale.quote.total.gross
    return sale.quote.items[0].amount.gross


def _keeps_some(sale: Sale, given_back: Decimal) -> bool:
    return given_back < sale.quote.total.gross
