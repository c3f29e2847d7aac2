"""The page of one purchase order: lines, terms, what came, and who did what."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from catalog.queries.rates import exchange_rate
from inventory.admin import purchase_acts
from inventory.admin.purchase_forms import AddForm, TermsForm
from inventory.admin.purchase_rows import deliveries, history, rows, warnings
from inventory.admin.purchase_step_page import ORDER, address
from inventory.admin.purchase_steps import STEPS
from inventory.models import PurchaseOrder
from inventory.queries import buyable
from inventory.queries.purchase_sums import Sums, sums_of
from inventory.services.purchase_terms import may_change
from payments.services.books.chart import books_currency
from shop.admin.discretion import SEE_COST

if TYPE_CHECKING:
    OrderPages = admin.ModelAdmin[PurchaseOrder]

CHANGE = "inventory.change_purchaseorder"
RECEIVE = "inventory.receive_purchaseorder"
TEMPLATE = "admin/inventory/purchaseorder/page.html"


def show(request: HttpRequest, page: "OrderPages", pk: int) -> HttpResponse:
    """Tell, and act on what was pressed. 403 without the right."""
    order = get_object_or_404(
        PurchaseOrder.objects.select_related("supplier", "location", "created_by"), pk=pk
    )
    if not page.has_view_permission(request, order):
        raise PermissionDenied
    if request.method == "POST":
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        return purchase_acts.act(request, order)
    context = {
        **page.admin_site.each_context(request),
        "title": order.number,
        "opts": page.opts,
        "order": order,
        **_told(order),
        **_may(request, order),
        "with_cost": request.user.has_perm(SEE_COST),
        "q": request.GET.get("q", ""),
        "found": _found(request, order),
    }
    return TemplateResponse(request, TEMPLATE, context)


def _told(order: PurchaseOrder) -> dict[str, Any]:
    lines = list(order.lines.select_related("variant__product").order_by("position", "pk"))
    sums = _sums(order, lines)
    return {
        "rows": rows(order, lines),
        "sums": sums,
        "warnings": warnings(order, sums),
        "deliveries": deliveries(order, sums.base_currency),
        "events": history(order),
    }


def _sums(order: PurchaseOrder, lines: list[Any]) -> Sums:
    """In the books' currency at the rate of its day; a draft's at today's."""
    rate = order.rate if order.ordered_at else exchange_rate(order.currency, timezone.now())
    return sums_of(order, lines, rate=rate, books=books_currency())


def _may(request: HttpRequest, order: PurchaseOrder) -> dict[str, Any]:
    may_change_it = request.user.has_perm(CHANGE)
    is_draft = order.status == PurchaseOrder.Status.DRAFT
    steps = [step for step in STEPS.values() if step.is_possible(order)]
    return {
        "may_edit": may_change_it and is_draft,
        "may_receive": request.user.has_perm(RECEIVE) and order.status in PurchaseOrder.OPEN,
        "terms": TermsForm(order=order) if may_change_it and may_change(order) else None,
        "add": AddForm(),
        "steps": [
            {"verb": one.verb, "link": address(one.slug, [order.pk]), "bad": one.is_destructive}
            for one in steps
            if request.user.has_perm(ORDER)
        ],
    }


def _found(request: HttpRequest, order: PurchaseOrder) -> list[buyable.Found]:
    text = request.GET.get("q", "").strip()[:100]
    return buyable.like(supplier_id=order.supplier_id, text=text) if text else []
