"""Orders as the API tells them."""

import datetime as dt
from decimal import Decimal

from ninja import Schema
from pydantic import Field

from orders.models import Order, OrderLine
from shipping.models import Fulfilment
from shop.api.pages import Page

SAME = (
    *("number", "status", "payment_status", "fulfillment_status", "return_status"),
    *("currency", "channel", "reference", "tags", "payment_method", "email", "phone"),
    *("vat_number", "gift_note", "net", "tax", "total", "discount", "refunded"),
    *("placed_at", "confirmed_at", "paid_at", "expires_at"),
)
ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country")


class AddressShape(Schema):
    """Where it is sent."""

    name: str
    company: str
    line1: str
    line2: str
    city: str
    region: str
    postcode: str
    country: str = Field(description="ISO 3166.")


class LineShape(Schema):
    """What was bought, as it was called and priced that day."""

    id: int
    sku: str
    title: str
    variant: str
    quantity: int
    shipped: int
    canceled: int
    returned: int
    unit_price: Decimal = Field(description="As its market shows prices.")
    discount: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


class DeliveryShape(Schema):
    """How it is sent, and what that costs."""

    method: str
    name: str
    net: Decimal
    tax: Decimal
    gross: Decimal


class ShipmentShape(Schema):
    """A parcel, or one in the making."""

    id: int
    status: str
    carrier: str
    tracking_number: str
    shipped_at: dt.datetime | None


class OrderShape(Schema):
    """An order with all that was bought and where it goes."""

    number: str
    status: Order.Status
    payment_status: Order.Payment
    fulfillment_status: Order.Fulfillment
    return_status: Order.Return
    is_on_hold: bool
    market: str
    currency: str
    channel: str
    reference: str = Field(description="What somebody else calls it.")
    tags: list[str]
    customer: int | None = Field(description="Id of the customer.")
    email: str
    phone: str
    vat_number: str
    address: AddressShape
    gift_note: str
    payment_method: str
    delivery: DeliveryShape
    lines: list[LineShape]
    shipments: list[ShipmentShape]
    net: Decimal
    tax: Decimal
    total: Decimal
    discount: Decimal
    refunded: Decimal
    placed_at: dt.datetime
    confirmed_at: dt.datetime | None
    paid_at: dt.datetime | None
    expires_at: dt.datetime | None


class OrderPage(Page):
    data: list[OrderShape]


def shape(order: Order) -> OrderShape:
    """Reads market, lines, fulfilments and holds: fetch them with the order."""
    return OrderShape(
        market=order.market.code,
        customer=order.customer_id,
        is_on_hold=any(hold.released_at is None for hold in order.holds.all()),
        address=AddressShape(**{name: getattr(order, name) for name in ADDRESS}),
        delivery=DeliveryShape(
            method=order.shipping_method,
            name=order.shipping_name,
            net=order.shipping_net,
            tax=order.shipping_tax,
            gross=order.shipping_gross,
        ),
        lines=[_line(line) for line in order.lines.all()],
        shipments=[_shipment(one) for one in order.fulfilments.all()],
        **{name: getattr(order, name) for name in SAME},
    )


def _line(line: OrderLine) -> LineShape:
    same = ("sku", "title", "quantity", "canceled", "returned", "unit_price", "discount")
    return LineShape(
        id=line.pk,
        variant=line.variant_label,
        shipped=line.fulfilled,
        **{name: getattr(line, name) for name in (*same, "net", "tax", "gross")},
    )


def _shipment(one: Fulfilment) -> ShipmentShape:
    same = ("status", "carrier", "tracking_number", "shipped_at")
    return ShipmentShape(id=one.pk, **{name: getattr(one, name) for name in same})
