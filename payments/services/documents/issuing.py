"""Issuing: a number from the series and a row, in the transaction of their cause."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from orders.models import Order, OrderEdit
from orders.services import orders
from payments.models import Document, GrantedRefund, Series
from payments.services.documents import content
from payments.services.documents.numbering import series_of, take_number
from shop.lib.workdays import shop_day
from shop.outbox import delivery as outbox
from shop.outbox.models import post

Kind = Series.Kind
When = Series.When
BATCH = 200


def happened(*, order: Order, when: str, now: dt.datetime) -> Document | None:
    """Issue the order's invoice if the shop issues it at this moment. when: a Series.When.

    The order must be locked. Once: an order that has its invoice gets no other. What was granted
    back before there was one is credited with it. None when nothing was issued.
    """
    if invoice_of(order) is not None:
        return None
    rule = series_of(Kind.INVOICE).issue
    if when != rule and not _has_come(order, rule):
        return None
    invoice = _issue(order, Kind.INVOICE, content.of_invoice(order, when=when, now=now), now)
    for grant in GrantedRefund.objects.filter(order=order, document=None).order_by("pk"):
        credit_note(grant=grant, now=now)
    return invoice


def invoice_of(order: Order) -> Document | None:
    """The invoice of the order itself, not those of what later changes added."""
    return Document.objects.filter(order=order, kind=Kind.INVOICE, edit=None).first()


def edited(*, edit: OrderEdit, now: dt.datetime) -> Document | None:
    """Issue the invoice of what a change added to an order that has its own by now, once.

    The order must be locked, the lines written. None when there is nothing to charge, or the
    order's invoice is still to come: it has these lines as well then.
    """
    if Document.objects.filter(edit=edit).exists() or invoice_of(edit.order) is None:
        return None
    if not edit.lines.filter(gross__gt=0).exists():
        return None
    return _issue(edit.order, Kind.INVOICE, content.of_addition(edit, now=now), now, edit=edit)


def _has_come(order: Order, rule: str) -> bool:
    """Whether the moment passed while another rule held, or before it was said."""
    return {
        When.CONFIRMED: order.confirmed_at is not None,
        When.PAID: order.paid_at is not None,
        When.SHIPPED: order.fulfillment_status != Order.Fulfillment.UNFULFILLED,
    }[When(rule)]


def credit_note(*, grant: GrantedRefund, now: dt.datetime) -> Document | None:
    """Issue the credit note of a granted refund, once. Its lines must be written, its order locked.

    None for an order without an invoice: there is nothing to correct.
    """
    if Document.objects.filter(grant=grant).exists():
        return None
    invoice = _corrected(grant)
    if invoice is None:
        return None
    words = content.of_credit_note(grant, invoice=invoice, now=now)
    return _issue(grant.order, Kind.CREDIT_NOTE, words, now, grant=grant)


def _corrected(grant: GrantedRefund) -> Document | None:
    """The invoice that a grant corrects: of the change that brought all its lines, else the order's."""
    edits = set(grant.lines.values_list("line__edit", flat=True))
    if len(edits) == 1 and (own := Document.objects.filter(edit__in=edits - {None}).first()):
        return own
    return invoice_of(grant.order)


@transaction.atomic
def _issue(
    order: Order,
    kind: str,
    words: dict[str, Any],
    now: dt.datetime,
    *,
    grant: GrantedRefund | None = None,
    edit: OrderEdit | None = None,
) -> Document:
    """Take the next number and write the document. The series stays locked until the commit."""
    issued_on = shop_day(now)
    series, number = take_number(kind)
    label = f"{series.prefix}{issued_on.year}-{number:06d}"
    document = Document.objects.create(
        series=series,
        kind=kind,
        number=number,
        label=label,
        order=order,
        grant=grant,
        edit=edit,
        issued_on=issued_on,
        issued_at=now,
        currency=order.currency,
        net=Decimal(words["net"]),
        tax=Decimal(words["tax"]),
        total=Decimal(words["total"]),
        content={**words, "label": label, "issued_on": issued_on.isoformat()},
    )
    post(
        topic="documents.make",
        key=f"document-{document.pk}-make",
        payload={"document_id": document.pk},
        now=now,
    )
    outbox.ring()
    return document


def of_order(order: Order) -> list[Document]:
    """What was issued for an order, the oldest first; without the content."""
    return list(Document.objects.filter(order=order).defer("content").order_by("pk"))


# When the rule changes


def missing() -> "QuerySet[Order]":
    """Orders whose moment has come and that have no invoice, since the shop issues any."""
    first = Document.objects.aggregate(first=Min("issued_at"))["first"]
    if first is None:
        return Order.objects.none()
    come = {
        When.CONFIRMED: Q(),
        When.PAID: Q(paid_at__isnull=False),
        When.SHIPPED: ~Q(fulfillment_status=Order.Fulfillment.UNFULFILLED),
    }[When(series_of(Kind.INVOICE).issue)]
    since = Order.objects.filter(confirmed_at__gte=first).exclude(documents__kind=Kind.INVOICE)
    return since.filter(come).order_by("pk")


def catch_up(*, now: dt.datetime) -> int:
    """Issue what is missing, order by order. How many were issued."""
    count = 0
    for order_id in list(missing().values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic(durable=True):
            order = orders.lock(order_id=order_id)
            rule = series_of(Kind.INVOICE).issue
            count += happened(order=order, when=rule, now=now) is not None
    return count
