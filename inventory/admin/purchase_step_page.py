"""A step for one or many purchase orders: asked, done to each, and reported for each."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from inventory.admin.purchase_steps import STEPS, Step
from inventory.models import PurchaseOrder
from inventory.queries.scope import within
from inventory.services.purchase_moves import By
from shop.lib.errors import Refused

if TYPE_CHECKING:
    OrderPages = admin.ModelAdmin[PurchaseOrder]

ORDER = "inventory.order_purchaseorder"
TEMPLATE = "admin/inventory/purchaseorder/step.html"
AT_ONCE = 100


def address(slug: str, ids: Sequence[int]) -> str:
    query = "&".join(f"order={pk}" for pk in ids)
    return f"{reverse('admin:inventory_purchaseorder_step', args=[slug])}?{query}"


def show(request: HttpRequest, page: "OrderPages", slug: str) -> HttpResponse:
    """Ask, do it to each order, and report on each. 403 without the right."""
    if slug not in STEPS:
        raise Http404
    if not request.user.has_perm(ORDER):
        raise PermissionDenied
    step, orders = STEPS[slug], _chosen(request)
    form = step.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        for order in orders:
            _take(request, step, order, form.cleaned_data, timezone.now())
        return HttpResponseRedirect(_back(orders))
    context = {
        **page.admin_site.each_context(request),
        "title": step.verb,
        "opts": page.opts,
        "step": step,
        "orders": orders,
        "form": form,
        "back": _back(orders),
    }
    return TemplateResponse(request, TEMPLATE, context)


def _chosen(request: HttpRequest) -> list[PurchaseOrder]:
    wanted = [text for text in request.GET.getlist("order") if text.isascii() and text.isdigit()]
    ids = [int(text[:18]) for text in wanted[:AT_ONCE]]
    found = within(PurchaseOrder.objects.filter(pk__in=ids), request.user, "location")
    orders = list(found.select_related("supplier").order_by("number"))
    if not orders:
        raise Http404
    return orders


def _take(
    request: HttpRequest, step: Step, order: PurchaseOrder, data: dict[str, Any], now: dt.datetime
) -> None:
    actor = request.user if isinstance(request.user, User) else None
    try:
        step.run(order, data, By(now, actor))
    except Refused as refusal:
        said = refusal.message
        messages.error(request, said if order.number in said else f"{order.number}: {said}")
    else:
        messages.success(request, f"{order.number}: {step.done}.")


def _back(orders: list[PurchaseOrder]) -> str:
    if len(orders) == 1:
        return reverse("admin:inventory_purchaseorder_change", args=[orders[0].pk])
    return reverse("admin:inventory_purchaseorder_changelist")
