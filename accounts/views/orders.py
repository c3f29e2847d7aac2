"""The orders of an account: found by number or by what was bought, narrowed by how they stand."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from accounts.models import Customer
from accounts.services.customers import has_proved
from accounts.views.frame import members_only, page
from orders.models import Order, OrderLine
from payments.models import Document
from shop.lib.text import clean

PER_PAGE = 20
LONGEST = 60
DOCUMENTS = Prefetch("documents", queryset=Document.objects.defer("content").order_by("pk"))
Status, Fulfillment = Order.Status, Order.Fulfillment
# What people look for, and what of it is in the books.
KINDS: dict[str, tuple[Promise, Q]] = {
    "open": (lazy("On the way"), Q(status__in=[Status.PENDING, Status.CONFIRMED])),
    "unpaid": (
        lazy("To be paid"),
        Q(status__in=[Status.PENDING, Status.CONFIRMED], payment_status=Order.Payment.PENDING),
    ),
    "delivered": (lazy("Delivered"), Q(fulfillment_status=Fulfillment.DELIVERED)),
    "returned": (lazy("Sent back"), ~Q(return_status=Order.Return.NONE)),
    "canceled": (lazy("Cancelled"), Q(status__in=[Status.CANCELED, Status.EXPIRED])),
}


def orders_of(customer: Customer) -> QuerySet[Order]:
    """Orders of the account, and those sent to its address once a mailed link has proved that."""
    theirs = Q(customer=customer)
    if customer.user is not None and has_proved(customer.user):
        theirs |= Q(email__iexact=customer.user.email)
    found = Order.objects.filter(theirs).exclude(status=Status.DRAFT)
    return found.order_by("-placed_at", "-pk")


@members_only
@require_safe
def orders(request: HttpRequest, customer: Customer) -> HttpResponse:
    words = clean(request.GET.get("q", ""))[:LONGEST]
    kind = request.GET.get("kind", "")
    rows = _narrow(orders_of(customer), words, kind).prefetch_related(DOCUMENTS)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    asked = {"q": words, "kind": kind if kind in KINDS else ""}
    return page(
        request,
        "orders",
        title=_("Your orders"),
        heading=_("Your orders"),
        orders=found,
        asked=asked,
        is_narrowed=any(asked.values()),
        kinds=[(code, name, code == kind) for code, (name, _rule) in KINDS.items()],
        pages=_pages(found, asked),
    )


def _narrow(rows: QuerySet[Order], words: str, kind: str) -> QuerySet[Order]:
    if kind in KINDS:
        rows = rows.filter(KINDS[kind][1])
    if words:
        bought = OrderLine.objects.filter(order=OuterRef("pk"))
        named = bought.filter(Q(title__icontains=words) | Q(sku__iexact=words))
        rows = rows.filter(Q(number__startswith=words.removeprefix("#")) | Exists(named))
    return rows


def _pages(found: Any, asked: dict[str, str]) -> dict[str, Any]:
    """Ways to the pages beside this one; "" where there is none."""

    def url(number: int) -> str:
        kept = {name: value for name, value in asked.items() if value}
        return "?" + urlencode({**kept, "page": number})

    return {
        "number": found.number,
        "count": found.paginator.num_pages,
        "previous_url": url(found.number - 1) if found.has_previous() else "",
        "next_url": url(found.number + 1) if found.has_next() else "",
    }
