"""The page that gives money back on an order: asks, works the sum out, asks again, acts."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.admin.refund_form import RefundForm
from orders.models import Order
from payments.models import GrantedRefund, Payment
from payments.services import grants, refund_words, refunds
from payments.services.grants import Worked
from shop.lib.errors import Refused
from shop.processes import refunding
from shop.templatetags.shop_text import money

if TYPE_CHECKING:
    OrderPage = admin.ModelAdmin[Order]

RIGHT = "payments.refund_payment"
PAGE = "admin/orders/order/refund.html"
SUM = "admin/orders/order/_refund_sum.html"
To = GrantedRefund.To
# What a button says: work it out, fill everything in, look once more, do it; and the script's word.
WORK, ALL, CHECK, GRANT, LIVE = "work", "all", "check", "grant", "live"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a filled form comes to. problem: why it can't be, in words."""

    worked: Worked | None = None
    ways: tuple[tuple[str, Decimal], ...] = ()
    problem: str = ""

    @property
    def total(self) -> Decimal | None:
        return self.worked.amount.gross if self.worked else None


def link(request: HttpRequest, order: Order) -> str:
    """Where money is given back, for whoever may, where some can be."""
    if order.confirmed_at is None or not request.user.has_perm(RIGHT):
        return ""
    return reverse("admin:orders_order_refund", args=[order.pk])


def show(request: HttpRequest, page: "OrderPage", pk: int) -> HttpResponse:
    """Ask and act. 403 without the right."""
    if not (request.user.has_perm(RIGHT) and page.has_view_permission(request)):
        raise PermissionDenied
    order = get_object_or_404(Order.objects.select_related("market"), pk=pk)
    step = request.POST.get("do", "")
    form = _form(request, order, step)
    figures = _figures(order, form) if form.is_bound else Figures()
    if step == LIVE:
        return TemplateResponse(request, SUM, {"figures": figures, "currency": order.currency})
    is_checked = step in (CHECK, GRANT) and figures.worked is not None and form.is_valid()
    if is_checked and step == GRANT and _shown(request) == figures.total:
        answer = _grant(request, order, form)
        if answer is not None:
            return answer
    context = {
        **page.admin_site.each_context(request),
        "title": _("Refund order %(number)s") % {"number": order.number},
        "opts": page.opts,
        "order": order,
        "form": form,
        "figures": figures,
        "is_checked": is_checked,
        "has_changed": step == GRANT,
        "before": refund_words.of_order(order),
    }
    return TemplateResponse(request, PAGE, context)


def _form(request: HttpRequest, order: Order, step: str) -> RefundForm:
    rests = grants.rests(order)
    if request.method != "POST":
        return RefundForm(None, order=order, rests=rests)
    data = request.POST.copy()
    form = RefundForm(data, order=order, rests=rests, is_final=step in (CHECK, GRANT))
    if step == ALL:
        for name, answer in form.everything().items():
            data[name] = str(answer)
    return form


def _figures(order: Order, form: RefundForm) -> Figures:
    if not form.is_valid() and set(form.errors) - {"reason"}:
        return Figures(problem=_("Please look at the fields marked above."))
    try:
        worked = grants.preview(order=order, asked=form.asked())
        return Figures(worked, _ways(order, worked, form.cleaned_data["to"]))
    except Refused as refusal:
        return Figures(problem=refusal.message)


def _ways(order: Order, worked: Worked, to: str) -> tuple[tuple[str, Decimal], ...]:
    """Where so much would go. Raises TooMuch."""
    rows = Payment.objects.filter(order=order)
    parts = refunds.parts_of(rows, worked.money)
    if not parts:
        return ()
    if to == To.STORE_CREDIT:
        return ((_("Store credit of %(name)s") % {"name": order.name}, worked.money),)
    if to == To.GIFT_CARD:
        words = _("A new gift card, mailed to %(email)s") % {"email": order.email}
        return ((words, worked.money),)
    return tuple((_named(part.payment), part.amount) for part in parts)


def _named(payment: Payment) -> str:
    name = refund_words.paid_with(payment)
    if refunds.goes_by_hand(payment):
        return _("%(name)s: to be sent by hand") % {"name": name}
    return name


def _shown(request: HttpRequest) -> Decimal | None:
    """The sum that the person saw when they said yes."""
    try:
        return Decimal(request.POST.get("shown", ""))
    except InvalidOperation:
        return None


def _grant(request: HttpRequest, order: Order, form: RefundForm) -> HttpResponse | None:
    data: dict[str, Any] = form.cleaned_data
    try:
        decided = refunding.refund(
            order_id=order.pk,
            asked=form.asked(),
            to=data["to"],
            reason=data["reason"],
            key=f"form-{data['key']}",
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return None
    words = _("%(total)s is granted. The customer is told by mail.")
    messages.success(request, words % {"total": money(decided.total, order.currency)})
    return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.pk]))
