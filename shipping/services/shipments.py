"""A parcel, and the way back, as carriers are told of them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from orders.models import Order, OrderLine, Return, ReturnLine
from shipping.carriers import of_location, of_order
from shipping.carriers.base import Good, Package, Shipment
from shipping.models import Fulfilment, Method
from shipping.services import boxes, papers
from shipping.services.papers import Declared

Contents = Sequence[tuple[OrderLine, int]]
# A parcel of unknown weight weighs something.
GRAMS = 500


def of_fulfilment(parcel: Fulfilment, *, service: str) -> Shipment:
    contents = contents_of(parcel)
    order = parcel.order
    is_abroad = papers.crosses_border(parcel)
    return Shipment(
        service=service,
        packages=[_package(order, contents, parcel)],
        sender=of_location(parcel.location),
        receiver=of_order(order),
        reference=papers.parcel_code(parcel),
        currency=order.currency,
        words=order.shipping_name,
        goods=[_declared(one) for one in papers.declared(parcel)] if is_abroad else (),
    )


def of_return(rma: Return, *, service: str) -> Shipment:
    """From the buyer's address to where it comes back."""
    order = rma.order
    contents = [(one.order_line, one.quantity) for one in _lines_of(rma)]
    sender = of_order(order)
    return Shipment(
        service=service,
        packages=[_package(order, contents, None)],
        sender=replace(sender, company=order.company, line1=order.line1, line2=order.line2),
        receiver=of_location(rma.location),
        reference=rma.number,
        currency=order.currency,
        words=rma.number,
        goods=[_good(line, units) for line, units in contents] if _is_abroad(rma) else (),
    )


def contents_of(parcel: Fulfilment) -> list[tuple[OrderLine, int]]:
    lines = parcel.lines.select_related("order_line__variant").order_by("pk")
    return [(one.order_line, one.quantity) for one in lines]


def _is_abroad(rma: Return) -> bool:
    parcel = rma.order.fulfilments.order_by("pk").first()
    return parcel is not None and papers.crosses_border(parcel)


def usual(order: Order) -> Method | None:
    """The delivery method that was chosen, with the carrier's account behind it."""
    rows = Method.objects.filter(code=order.shipping_method).select_related("provider")
    return rows.first()


def _lines_of(rma: Return) -> list[ReturnLine]:
    return list(rma.lines.select_related("order_line__variant").order_by("pk"))


def _package(order: Order, contents: Contents, parcel: Fulfilment | None) -> Package:
    """As packed; what nobody measured, as its box would be proposed."""
    proposed = boxes.for_lines(contents).parcels
    size = proposed[0].size if len(proposed) == 1 else None
    box = parcel.box if parcel else None
    grams = (parcel.grams if parcel else 0) or sum(one.grams for one in proposed)
    return Package(
        grams=grams or GRAMS,
        length_mm=box.length_mm if box else (size.length_mm if size else 0),
        width_mm=box.width_mm if box else (size.width_mm if size else 0),
        height_mm=box.height_mm if box else (size.height_mm if size else 0),
        value=_worth(contents),
        currency=order.currency,
    )


def _worth(contents: Contents) -> Decimal:
    """What was paid for the goods, without tax."""
    worth = sum((line.net * units / line.quantity for line, units in contents), Decimal(0))
    return worth.quantize(Decimal("0.01"))


def _declared(row: Declared) -> Good:
    return Good(
        sku=row.sku,
        words=row.words,
        units=row.units,
        grams=row.grams // row.units,
        value=(row.value / row.units).quantize(Decimal("0.01")),
        hs_code=row.hs_code,
        origin=row.origin,
    )


def _good(line: OrderLine, units: int) -> Good:
    variant = line.variant
    each = (line.net / line.quantity).quantize(Decimal("0.01"))
    return Good(
        sku=line.sku,
        words=(variant.customs_words if variant else "") or line.title[:80],
        units=units,
        grams=variant.grams if variant else 0,
        value=each,
        hs_code=variant.hs_code if variant else "",
        origin=variant.origin if variant else "",
    )
