import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.forms import OrdersForm
from analytics.queries.kept import summed
from analytics.queries.orders import Only, Which, behind
from analytics.views.access import asked, managers_only
from analytics.views.chart import day_range
from analytics.views.sheets import Row, attachment, filename
from catalog.models import Category, Product
from orders.models import Order
from shop.lib.batches import read_in_parts

ON_A_PAGE = 50
AT_ONCE = 2000
HEAD = (
    *("number", "confirmed_at", "country", "status", "payment", "delivery"),
    *("currency", "total", "credited", "net_counted"),
)


@managers_only
def orders(request: HttpRequest) -> HttpResponse:
    """The orders a figure of the dashboard is made of, and their sums."""
    form, question, _markets = asked(request)
    which = OrdersForm(request.GET).which()
    found = behind(question.market, question.current, which)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    may_open = request.user.has_perm("orders.view_order")
    context = {
        "seo": {"title": _("Orders")},
        "shop": settings.SHOP,
        "question": question,
        "currency": question.market.currency,
        "period_label": day_range(question.current.first, question.current.last),
        "part": _part(which),
        "page": page,
        "rows": [_row(order, may_open=may_open) for order in page],
        "sums": _sums(found),
        "back_url": f"{reverse('analytics:dashboard')}?{question.query}",
        "csv_url": f"{reverse('analytics:orders_csv')}?{_query(request)}",
        "page_url": f"{reverse('analytics:orders')}?{_query(request)}&page=",
    }
    status = 200 if form.is_valid() else 400
    return render(request, "analytics/orders.html", context, status=status)


@managers_only
def orders_csv(request: HttpRequest) -> StreamingHttpResponse:
    form, question, _markets = asked(request)
    if not form.is_valid():
        raise Http404
    found = behind(question.market, question.current, OrdersForm(request.GET).which())
    return attachment(request, filename("orders", question), HEAD, _rows(found))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as the list shows it. No names: managers count orders, they don't need people."""

    number: str
    url: str
    confirmed_at: dt.datetime | None
    country: str
    status: str
    payment: str
    delivery: str
    total: Decimal
    credited: Decimal
    counted: Decimal


def _row(order: Order, *, may_open: bool) -> OrderRow:
    return OrderRow(
        number=order.number,
        url=reverse("admin:orders_order_change", args=[order.pk]) if may_open else "",
        confirmed_at=order.confirmed_at,
        country=order.country,
        status=order.get_status_display(),
        payment=order.get_payment_status_display(),
        delivery="–" if order.is_called_off else order.get_fulfillment_status_display(),
        total=order.total,
        credited=_credited(order),
        counted=_counted(order),
    )


def _rows(found: "QuerySet[Order]") -> Iterator[Row]:
    for order in read_in_parts(found, AT_ONCE):
        states = (order.status, order.payment_status, order.fulfillment_status)
        amounts = (order.total, _credited(order), _counted(order))
        sold_at = order.confirmed_at.isoformat() if order.confirmed_at else ""
        yield (order.number, sold_at, order.country, *states, order.currency, *amounts)


def _counted(order: Order) -> Decimal:
    counted: Decimal = order.net_counted  # type: ignore[attr-defined]  # an annotation of behind()
    return counted


def _credited(order: Order) -> Decimal:
    credited: Decimal = order.credited  # type: ignore[attr-defined]  # an annotation of behind()
    return credited


def _sums(found: "QuerySet[Order]") -> dict[str, Any]:
    """What the listed orders come to."""
    return found.order_by().aggregate(
        orders=Count("pk"),
        people=Count("email", distinct=True),
        gross=summed("total"),
        refunds=summed("credited"),
        net=summed("net_counted"),
    )


def _part(which: Which) -> str:
    """What the list is narrowed to, in words."""
    if which.product:
        title = Product.objects.filter(slug=which.product).values_list("title", flat=True).first()
        return title or _("No longer in the catalogue")
    if which.category:
        named = Category.objects.filter(url_path=which.category)
        return named.values_list("name", flat=True).first() or _("In no category")
    return str(Only(which.only).label)


def _query(request: HttpRequest) -> str:
    """The question as it was asked, without its page."""
    asked_for = request.GET.copy()
    asked_for.pop("page", None)
    return asked_for.urlencode()
