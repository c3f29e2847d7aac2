"""The page that changes an order after it was placed: fill in, see the difference, save."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from orders.admin import desk, edit_finding
from orders.admin.edit_finding import Found
from orders.admin.edit_forms import EditForm
from orders.models import Order, OrderEdit
from shop.lib.errors import Refused
from shop.processes import editing
from shop.processes.editing import Preview
from shop.templatetags.shop_text import money

if TYPE_CHECKING:
    OrderPage = admin.ModelAdmin[Order]

RIGHT = "orders.edit_order"
PAGE = "admin/orders/order/edit.html"
# What a button says: look for a piece, work it out, do it.
SEARCH, WORK, SAVE = "search", "work", "save"


@dataclass(slots=True)
class Looked:
    """What the page shows beside its form. shown: what it would come to; found: pieces to choose."""

    shown: Preview | None = None
    found: list[Found] = field(default_factory=list)
    problem: str = ""
    has_changed: bool = False

    @property
    def can_save(self) -> bool:
        return self.shown is not None and not self.shown.problems


def can_be_changed(order: Order) -> bool:
    return order.status in (Order.Status.PENDING, Order.Status.CONFIRMED)


def address(order: Order) -> str:
    return reverse("admin:orders_order_edit", args=[order.pk])


def show(request: HttpRequest, page: "OrderPage", pk: int) -> HttpResponse:
    """Ask and act. 403 without the right."""
    if not (request.user.has_perm(RIGHT) and page.has_view_permission(request)):
        raise PermissionDenied
    now = timezone.now()
    order = get_object_or_404(Order.objects.select_related("market", "customer"), pk=pk)
    form = _form(request, order, now)
    looked = Looked()
    if request.method == "POST":
        answer = _act(request, order, form, looked, now)
        if answer is not None:
            return answer
    context = {
        **page.admin_site.each_context(request),
        "title": _("Change order %(number)s") % {"number": order.number},
        "opts": page.opts,
        "order": order,
        "form": form,
        "looked": looked,
        "others": desk.also_here(request, order.pk),
        "can_change": can_be_changed(order),
    }
    status = 422 if form.is_bound and (form.errors or looked.problem) else 200
    return TemplateResponse(request, PAGE, context, status=status)


def _form(request: HttpRequest, order: Order, now: dt.datetime) -> EditForm:
    data, pick = request.POST.copy(), request.POST.get("pick", "")
    chosen = [*request.POST.getlist("new"), pick]
    # A piece that has just been chosen starts with one unit at today's price.
    for one in edit_finding.known(order, [pick], now=now):
        data.setdefault(f"new_units_{one.variant.pk}", "1")
        data.setdefault(f"new_price_{one.variant.pk}", str(one.price))
    return EditForm(
        data if request.method == "POST" else None,
        order=order,
        lines=list(order.lines.select_related("variant").order_by("position", "pk")),
        new=edit_finding.known(order, chosen, now=now),
        offers=editing.offers(order, country=order.country, postcode=order.postcode, now=now),
        seen=editing.version(order),
    )


def _act(
    request: HttpRequest, order: Order, form: EditForm, looked: Looked, now: dt.datetime
) -> HttpResponse | None:
    step = request.POST.get("do", "")
    if step == SEARCH:
        looked.found = edit_finding.like(order, request.POST.get("q", ""), now=now)
    if not form.is_valid():
        looked.problem = _("Please look at the fields marked below.")
        return None
    if step not in (WORK, SAVE):
        return None
    looked.shown = editing.preview(order=order, asked=form.asked(), now=now)
    if step == SAVE and looked.can_save:
        if _shown(request) == looked.shown.difference:
            return _save(request, order, form, looked, now)
        looked.has_changed = True
    return None


def _shown(request: HttpRequest) -> Decimal | None:
    """The difference that the person saw when they said yes."""
    try:
        return Decimal(request.POST.get("shown", ""))
    except InvalidOperation:
        return None


def _save(
    request: HttpRequest, order: Order, form: EditForm, looked: Looked, now: dt.datetime
) -> HttpResponse | None:
    actor: User = request.user  # type: ignore[assignment]
    try:
        edit = editing.amend(
            order_id=order.pk,
            asked=form.asked(),
            key=f"form-{form.cleaned_data['key']}",
            actor=actor,
            now=now,
            seen=form.cleaned_data["seen"],
        )
    except Refused as refusal:
        looked.problem, looked.shown = refusal.message, None
        return None
    messages.success(request, _words(edit))
    return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.pk]))


def _words(edit: OrderEdit) -> str:
    sum_ = money(abs(edit.difference), edit.order.currency)
    if edit.difference > 0:
        return _("Changed: %(sum)s more. The customer gets a link to pay.") % {"sum": sum_}
    if edit.difference < 0:
        return _("Changed: %(sum)s less. The customer is told by mail.") % {"sum": sum_}
    return _("Changed at the same price. The customer is told by mail.")
