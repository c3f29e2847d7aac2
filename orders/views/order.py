"""The order's own page."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catalog.queries.page import Seo, page_context
from inventory.queries import Waiting, waiting_for
from orders.models import Order, OrderLine, OrderLinePart, TaxLine
from orders.services import coming, receipts
from orders.services.downloads import handed_over
from orders.services.receipts import Row, Sums
from orders.views import parcels, progress
from orders.views.address import AddressForm, AddressTexts
from orders.views.cases import cases_of
from orders.views.changes import changes_of
from orders.views.doors import done_text, doors_of
from orders.views.hanging import Hanging, hanging_on, order_with
from orders.views.order_texts import bank_of, facts_of, head_of
from orders.views.page import Line, order_lines
from orders.views.short_lines import short_lines, thanks_for
from payments.gateways import BALANCES, gateway
from payments.services import documents, gift_cards, methods, payments, refund_words
from shop.lib import rulebook
from shop.lib.prepared import Prepared, known


@require_GET
def order_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about an order, for whoever holds its key."""
    order: Order | None = ORDER.first(number=number)
    if order is None or not order.opens_with(request.GET.get("t", "")):
        raise Http404
    if order.status == Order.Status.DRAFT:
        return redirect(f"{reverse('orders:offer', args=[number])}?t={order.link_token}")
    return show(request, order)


@rulebook.one_moment()
def show(
    request: HttpRequest,
    order: Order,
    *,
    problem: str = "",
    address: AddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an order, for whoever holds its key. problem: why something was not done.

    address: the form that corrects it, with what is wrong in it.
    """
    there = hanging_on(order)
    left = _left(order, there)
    sent = parcels.parcels_of(order) if there.parcels else []
    goods = _goods(order, there)
    adjustments = list(order.adjustments.order_by("pk")) if there.adjustments else []
    waiting = waiting_for(line.holder for line in goods) if there.waiting else {}
    if coming.is_all_to_come(goods, waiting):
        # It was reckoned for what is there.
        order.arrives_by = None
    by_line = receipts.lines_of_order(order, goods, adjustments)
    lines = order_lines(goods, by_line, waiting)
    sums = receipts.sums_of(order, goods, adjustments, paid=_paid(order) if there.money else [])
    is_sent = any(line.is_shipped for line in goods)
    more = _later(order, goods, waiting) if is_sent else progress.online_words(order)
    title = _("Order %(number)s") % {"number": order.number}
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "head": head_of(order, **_words(order) | more, is_new=_is_new(request, order)),
        "order": _order(order, lines, sums, there, left),
        "steps": tuple(progress.steps(order, sent, is_sent=is_sent)),
        "handed_over": handed_over(order, goods, now=timezone.now()),
        "parcels": parcels.shown(order, sent),
        "bank": bank_of(order, left),
        "cash": _cash(order, left),
        "cards": gift_cards.of_order(order) if there.cards else [],
        "refunds": refund_words.of_order(order) if there.refunds else [],
        "short": short_lines(order, goods) if there.missing else [],
        "changes": changes_of(order) if there.edits else [],
        "cases": cases_of(order) if there.cases else [],
        "doors": doors_of(order, goods, now=timezone.now(), has_begun=there.begun),
        "problem": problem,
        "thanks": thanks_for(request.GET.get("chosen", ""))
        or done_text(request.GET.get("did", "")),
        "address": {"form": address, "is_bound": True} if address else AddressTexts.of(order),
        "errors": address.listed_errors() if address else [],
    }
    return render(request, "orders/order.html", context, status=status)


def _goods(order: Order, there: Hanging) -> list[OrderLine]:
    """Its lines in their order, with their parts; and its taxes, which are shown with them."""
    goods: list[OrderLine] = LINES.rows(order=order.pk)
    parts: dict[int, list[OrderLinePart]] = defaultdict(list)
    for part in PARTS.rows(order=order.pk) if there.parts else ():
        parts[part.line_id].append(part)
    for line in goods:
        line.order = order
        known(line, parts=parts[line.pk])
    known(order, tax_lines=TAXES.rows(order=order.pk))
    return goods


ORDER = Prepared(order_with)
LINES = Prepared(
    lambda order: (
        OrderLine.objects.filter(order=order).select_related("edit").order_by("position", "pk")
    )
)
PARTS = Prepared(lambda order: OrderLinePart.objects.filter(line__order=order).order_by("pk"))
TAXES = Prepared(lambda order: TaxLine.objects.filter(order=order).order_by("pk"))


def _left(order: Order, there: Hanging) -> Decimal:
    """What is left to pay: all of it, while there is no money and nothing was taken off."""
    return payments.left_to_pay(order) if there.money or there.refunds else order.total


def _order(
    order: Order, lines: list[Line], sums: Sums, there: Hanging, left: Decimal
) -> dict[str, Any]:
    return {
        "number": order.number,
        "lines": lines,
        "count": sum(line.quantity for line in lines),
        "sums": sums,
        "currency": order.currency,
        "facts": facts_of(order, _payment_text(order)),
        "can_pay": bool(methods.online(order, left=left)),
        "is_own_way": gateway(order.payment_method).is_online,
        "declined": payments.last_refusal(order) if order.can_be_paid and there.refusals else "",
        "token": order.link_token,
        "documents": documents.of_order(order) if there.documents else [],
    }


def _is_new(request: HttpRequest, order: Order) -> bool:
    return request.GET.get("new") == "1" and order.status not in progress.CLOSED


def _words(order: Order) -> dict[str, str]:
    return {"headline": progress.headline(order), "status_text": progress.status_text(order)}


def _paid(order: Order) -> list[Row]:
    """Who has paid what, told where gift cards or credit did part of it."""
    found = payments.paid_with(order)
    is_part = order.payment_status == Order.Payment.PARTIALLY_PAID
    if not is_part and not order.payments.filter(provider__in=BALANCES).exists():
        return []
    return [Row(one.name, one.amount) for one in found]


def _later(order: Order, goods: list[OrderLine], waiting: Mapping[UUID, Waiting]) -> dict[str, str]:
    """What is said instead of a day of arrival while nothing can be sent."""
    if order.status in progress.CLOSED or not coming.is_all_to_come(goods, waiting):
        return {}
    return coming.later_words(waiting.values(), is_unpaid=progress.waits(order))


def _payment_text(order: Order) -> str:
    name = gateway(order.payment_method).name
    return f"{name}: {order.get_payment_status_display()}"


def _cash(order: Order, left: Decimal) -> Decimal | None:
    """What the courier collects."""
    return left if order.payment_method == methods.CASH and order.can_be_paid else None
