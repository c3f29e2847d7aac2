"""The order's own page, and the way to find it."""

from dataclasses import dataclass
from typing import Any

from babel.dates import format_date, format_datetime
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalog.queries.page import Seo, page_context
from orders.forms import LookupForm, country_names
from orders.models import Order
from orders.services import receipts
from orders.services.downloads import handed_over
from orders.services.receipts import Row, Sums
from orders.views.page import Line, order_lines
from payments.gateways import BALANCES, gateway
from payments.services import gift_cards, payments
from shipping.models import Fulfilment
from shop.lib.ratelimit import too_often
from shop.lib.workdays import shop_day, shop_zone
from shop.templatetags.shop_text import current_locale

Status = Order.Status


@dataclass(frozen=True, slots=True)
class Step:
    """One station of an order's way, done or to come."""

    title: str
    detail: str
    is_done: bool
    is_current: bool = False


@require_GET
def order_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about an order, for whoever holds its key."""
    order = get_object_or_404(Order.objects.select_related("market"), number=number)
    if not order.opens_with(request.GET.get("t", "")):
        raise Http404
    parcels = list(
        order.fulfilments.prefetch_related("lines__order_line").order_by("position", "pk")
    )
    goods = list(order.lines.prefetch_related("parts").order_by("position", "pk"))
    adjustments = list(order.adjustments.order_by("pk"))
    lines = order_lines(goods, receipts.lines_of_order(order, goods, adjustments))
    sums = receipts.sums_of(order, goods, adjustments, paid=_paid(order))
    is_sent = any(line.is_shipped for line in goods)
    title = _("Order %(number)s") % {"number": order.number}
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "order": _order(order, lines, sums) | ({} if is_sent else _online_words(order)),
        "steps": _steps(order, parcels, is_sent=is_sent),
        "handed_over": handed_over(order, goods, now=timezone.now()),
        "parcels": [_parcel(parcel) for parcel in parcels],
        "bank": _bank(order, sums),
        "cards": gift_cards.of_order(order),
        "is_new": request.GET.get("new") == "1" and order.status not in CLOSED,
    }
    return render(request, "orders/order.html", context)


@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Number and e-mail open a page without personal data; the key itself goes only by mail."""
    form = LookupForm(request.POST or None)
    found = None
    status = 200
    if request.method == "POST":
        if too_often(request, "lookup", limit=10, seconds=600):
            form.add_error(None, _("Too many tries. Please wait ten minutes."))
            status = 429
        elif form.is_valid():
            found = _look_up(form)
            status = 200 if found else 404
            if found is None:
                form.add_error(None, _("We know no order with this number and address."))
        else:
            status = 422
    context = {
        **page_context(request, seo=Seo(title=_("Track an order"), noindex=True)),
        "form": form,
        "found": found,
    }
    return render(request, "orders/lookup.html", context, status=status)


def _look_up(form: LookupForm) -> dict[str, Any] | None:
    data = form.cleaned_data
    order = (
        Order.objects.filter(number=data["number"].strip().lstrip("#"))
        .filter(email__iexact=data["email"].strip())
        .first()
    )
    if order is None:
        return None
    parcels = list(order.fulfilments.order_by("position", "pk"))
    is_sent = order.lines.filter(is_shipped=True).exists()
    return {
        "number": order.number,
        "headline": _headline(order),
        "status_text": _status_text(order),
        **({} if is_sent else _online_words(order)),
        "steps": _steps(order, parcels, is_sent=is_sent),
    }


CLOSED = (Status.EXPIRED, Status.CANCELED)


def _order(order: Order, lines: list[Line], sums: Sums) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_at": order.placed_at,
        "headline": _headline(order),
        "status_text": _status_text(order),
        "email": order.email,
        "lines": lines,
        "count": sum(line.quantity for line in lines),
        "sums": sums,
        "currency": order.currency,
        "payment_text": _payment_text(order),
        "address_lines": [
            *order.address_lines,
            dict(country_names([order.country]))[order.country],
        ],
        "company": order.company,
        "vat_number": order.vat_number,
        "can_pay": order.can_be_paid and gateway(order.payment_method).is_online,
        "token": order.link_token,
        "invoice_url": None,
    }


def _paid(order: Order) -> list[Row]:
    """Who has paid what, told where gift cards or credit did part of it."""
    found = payments.paid_with(order)
    if not order.payments.filter(provider__in=BALANCES).exists():
        return []
    return [Row(one.name, one.amount) for one in found]


def _online_words(order: Order) -> dict[str, str]:
    """What an order without a parcel says of itself."""
    if order.status in CLOSED:
        return {}
    if order.payment_status == Order.Payment.PENDING:
        return {"status_text": _("Everything is yours as soon as the money is in.")}
    return {
        "headline": _("Your order is complete"),
        "status_text": _("There is no parcel to wait for: this is all yours now."),
    }


def _headline(order: Order) -> str:
    if order.status == Status.CANCELED:
        return _("This order was cancelled")
    if order.status == Status.EXPIRED:
        return _("This order was not paid in time")
    if order.payment_status == Order.Payment.PENDING:
        return _("Waiting for your payment")
    if order.arrives_by is None:
        return _("Your order is on its way")
    day = _day(order.arrives_by, "EEEE d MMMM")
    if order.arrives_by < shop_day(timezone.now()):
        return _("Arrived by %(day)s") % {"day": day}
    return _("Arriving by %(day)s") % {"day": day}


def _status_text(order: Order) -> str:
    if order.status == Status.CANCELED:
        return _("Nothing more will be sent. What was paid is given back.")
    if order.status == Status.EXPIRED:
        return _("The goods are back on sale. You are welcome to order again.")
    if order.payment_status == Order.Payment.PENDING:
        return _("We have set your goods aside and post them once the money is in.")
    if order.fulfillment_status == Order.Fulfillment.UNFULFILLED:
        return _("We are packing it.")
    return _("It has left our studio.")


def _payment_text(order: Order) -> str:
    name = gateway(order.payment_method).name
    return f"{name}: {order.get_payment_status_display()}"


def _steps(order: Order, parcels: list[Fulfilment], *, is_sent: bool) -> list[Step]:
    if order.status in CLOSED:
        return [
            Step(_("Ordered"), _moment(order.placed_at), is_done=True),
            Step(order.get_status_display(), "", is_done=True, is_current=True),
        ]
    is_paid = order.paid_at is not None
    ordered = Step(_("Ordered"), _moment(order.placed_at), is_done=True)
    paid = Step(_("Paid"), _moment(order.paid_at), is_done=is_paid, is_current=not is_paid)
    if not is_sent:
        return [ordered, paid, Step(_("Yours"), "", is_done=is_paid, is_current=is_paid)]
    return [ordered, paid, *_way(order, parcels, is_paid=is_paid)]


def _way(order: Order, parcels: list[Fulfilment], *, is_paid: bool) -> list[Step]:
    sent = parcels[0].shipped_at if parcels else None
    has_left = order.fulfillment_status in (
        Order.Fulfillment.FULFILLED,
        Order.Fulfillment.DELIVERED,
    )
    arrival = _day(order.arrives_by, "EEE d MMM") if order.arrives_by else ""
    return [
        Step(_("Posted"), _moment(sent), is_done=has_left, is_current=is_paid and not has_left),
        Step(
            _("Arriving"),
            arrival,
            is_done=order.fulfillment_status == Order.Fulfillment.DELIVERED,
            is_current=has_left,
        ),
    ]


def _parcel(parcel: Fulfilment) -> dict[str, Any]:
    return {
        "title": _("Parcel %(number)s") % {"number": parcel.position},
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": parcel.tracking_url,
        "shipped_at": parcel.shipped_at,
        "items": [
            f"{line.quantity} × {line.order_line.title}"
            + (f", {line.order_line.variant_label}" if line.order_line.variant_label else "")
            for line in parcel.lines.all()
        ],
    }


def _bank(order: Order, sums: Sums) -> dict[str, Any] | None:
    if order.payment_method != "bank_transfer" or not order.can_be_paid:
        return None
    return {**settings.SHOP["bank"], "reference": order.number, "amount": sums.to_pay}


def _day(day: Any, pattern: str) -> str:
    return str(format_date(day, pattern, locale=current_locale()))


def _moment(at: Any) -> str:
    if at is None:
        return ""
    return str(format_datetime(at, "EEE d MMM, HH:mm", tzinfo=shop_zone(), locale=current_locale()))
