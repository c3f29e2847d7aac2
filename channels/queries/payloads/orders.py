"""What is told of an order."""

from decimal import Decimal
from typing import Any

from orders.models import Order, OrderLine
from shipping.models import Fulfilment
from shop.lib.money import round_money

ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")


def subject(order: Order) -> str:
    return f"order-{order.number}"


def data(order: Order) -> dict[str, Any]:
    """Amounts are decimals in text, in the order's currency; times are ISO 8601, UTC."""
    return {
        "number": order.number,
        "reference": order.reference,
        "channel": order.channel,
        "market": order.market.code,
        "language": order.language,
        "tags": order.tags,
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfillment_status": order.fulfillment_status,
        "return_status": order.return_status,
        **_times(order),
        **_sums(order),
        "payment_method": order.payment_method,
        "shipping_method": order.shipping_method,
        "customer_id": order.customer_id,
        "email": order.email,
        "address": {name: getattr(order, name) for name in ADDRESS},
        "lines": [_line(order, one) for one in order.lines.order_by("position", "pk")],
        "parcels": [_parcel(one) for one in order.fulfilments.order_by("position", "pk")],
    }


def _times(order: Order) -> dict[str, Any]:
    names = ("placed_at", "confirmed_at", "paid_at")
    return {name: at and at.isoformat() for name in names for at in [getattr(order, name)]}


def _sums(order: Order) -> dict[str, str]:
    amounts: dict[str, Decimal] = {
        "net": order.net,
        "tax": order.tax,
        "total": order.total,
        "discount": order.discount,
        "shipping": order.shipping_gross,
        "refunded": order.refunded,
    }
    told = {name: _money(amount, order) for name, amount in amounts.items()}
    return {"currency": order.currency, **told}


def _line(order: Order, line: OrderLine) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "title": line.title,
        "variant": line.variant_label,
        "quantity": line.quantity,
        "fulfilled": line.fulfilled,
        "canceled": line.canceled,
        "returned": line.returned,
        "extras": line.extras,
        **{name: _money(getattr(line, name), order) for name in ("unit_price", "discount")},
        **{name: _money(getattr(line, name), order) for name in ("net", "tax", "gross")},
    }


def _parcel(parcel: Fulfilment) -> dict[str, Any]:
    return {
        "status": parcel.status,
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "shipped_at": parcel.shipped_at and parcel.shipped_at.isoformat(),
    }


def _money(amount: Decimal, order: Order) -> str:
    return str(round_money(amount, order.currency))
