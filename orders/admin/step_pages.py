"""The page between a button and what it does: shows the orders, asks, acts, reports."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.admin.steps import STEPS, Answer, Report, Step, take
from orders.models import Order
from shipping.models import Method

if TYPE_CHECKING:
    OrderPage = admin.ModelAdmin[Order]

ID = re.compile(r"[0-9]{1,18}")
AT_ONCE = 200
# The lists that lead to a step, and back.
LISTS = {"": "admin:orders_order_changelist", "waiting": "admin:orders_hold_changelist"}


@dataclass(frozen=True, slots=True)
class Back:
    """The list to return to, as LISTS calls it, and its query."""

    page: str = ""
    query: str = ""


def address(
    step: Step, orders: "list[int] | QuerySet[Order, int]", *, back: Back | None = None
) -> str:
    """Where a step is asked for these orders. back: where to return; None: to the order."""
    query = [("order", str(order_id)) for order_id in orders]
    if back:
        query += [("back", back.query), ("from", back.page)]
    page = reverse("admin:orders_order_step", args=[step.slug])
    return f"{page}?{urlencode(query)}"


def start(request: HttpRequest, chosen: QuerySet[Order], step: Step) -> HttpResponse:
    """From the ticked rows of the list to the question."""
    ids = chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1]
    if len(ids) > AT_ONCE:
        text = _("Choose at most %(count)s orders at a time.") % {"count": AT_ONCE}
        messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(address(step, ids, back=Back(query=request.GET.urlencode())))


def show(request: HttpRequest, page: "OrderPage", slug: str) -> HttpResponse:
    """Ask and act. 403 without the step's right, 404 without orders."""
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    if not (request.user.has_perm(step.right) and page.has_view_permission(request)):
        raise PermissionDenied
    orders = _chosen(request)
    form = step.form(request.POST if request.method == "POST" else None, orders=orders)
    if request.method == "POST" and form.is_valid():
        answer = Answer(form, request.user, timezone.now())  # type: ignore[arg-type]
        tell(request, step, take(step, answer))
        return HttpResponseRedirect(_back(request, orders))
    if request.method == "GET" and "carrier" in form.fields:
        form.initial["carrier"] = _usual_carrier(orders)
    context = {
        **page.admin_site.each_context(request),
        "title": step.verb,
        "opts": page.opts,
        "step": step,
        "form": form,
        "orders": [(order, step.is_possible(order)) for order in orders],
        "back": _back(request, orders),
    }
    return TemplateResponse(request, "admin/orders/order/step.html", context)


def tell(request: HttpRequest, step: Step, report: Report) -> None:
    """A line for what moved and a line for each order that did not."""
    if report.moved:
        numbers = ", ".join(order.number for order in report.moved)
        messages.success(request, f"{step.done}: {numbers}.")
    for order, why in report.refused:
        messages.error(request, f"{order.number}: {why}")


def _chosen(request: HttpRequest) -> list[Order]:
    wanted = [text for text in request.GET.getlist("order") if ID.fullmatch(text)]
    rows = Order.objects.filter(pk__in=wanted[:AT_ONCE]).prefetch_related("lines__parts", "holds")
    orders = list(rows.order_by("pk"))
    if not orders:
        raise Http404
    return orders


def _back(request: HttpRequest, orders: list[Order]) -> str:
    if "back" not in request.GET and len(orders) == 1:
        return reverse("admin:orders_order_change", args=[orders[0].pk])
    query = request.GET.get("back", "")
    page = reverse(LISTS.get(request.GET.get("from", ""), LISTS[""]))
    return f"{page}?{query}" if query else page


def _usual_carrier(orders: list[Order]) -> str:
    """The carrier of the delivery the customer chose, when it is one for all."""
    codes = {order.shipping_method for order in orders}
    carriers = set(Method.objects.filter(code__in=codes).values_list("carrier", flat=True))
    return carriers.pop() if len(carriers) == 1 else ""
