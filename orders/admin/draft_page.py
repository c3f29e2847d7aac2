"""The page where staff put an order together: fill in, work out, keep, offer, or take the money."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from orders.admin.draft_forms import DraftForm, Lines, initial_of, rows_of
from orders.models import Draft, Order
from shop.lib.errors import Refused
from shop.processes import drafting
from shop.processes.quoting import Priced

if TYPE_CHECKING:
    DraftPage = admin.ModelAdmin[Draft]

RIGHT = "orders.enter_order"
PAGE = "admin/orders/draft/page.html"
# What a button says.
ROWS, WORK, SAVE, SEND, ACCEPT, TILL, TAKE = (
    "rows",
    "work",
    "save",
    "send",
    "accept",
    "till",
    "take",
)


@dataclass(slots=True)
class Filled:
    """The forms as they stand, and what they come to."""

    form: DraftForm
    lines: Any
    priced: Priced | None = None
    problem: str = ""

    @property
    def total(self) -> Decimal | None:
        return self.priced.quote.total.gross if self.priced else None


def show(request: HttpRequest, page: "DraftPage", draft: Draft | None) -> HttpResponse:
    """Ask and act. 403 without the right to enter orders."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    now = timezone.now()
    if draft is not None and draft.order.status != Order.Status.DRAFT:
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[draft.order_id]))
    filled = _filled(request, draft, now)
    step = request.POST.get("do", "")
    if request.method == "POST" and step != ROWS:
        answer = _act(request, draft, filled, step, now)
        if answer is not None:
            return answer
    title = _("Draft %(number)s") % {"number": draft.order.number} if draft else _("New order")
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "draft": draft,
        "filled": filled,
    }
    status = 422 if filled.problem or filled.form.errors else 200
    return TemplateResponse(request, PAGE, context, status=status)


def _filled(request: HttpRequest, draft: Draft | None, now: dt.datetime) -> Filled:
    if request.method == "POST":
        data = request.POST.copy()
        if data.get("do") == ROWS:
            data["lines-TOTAL_FORMS"] = str(min(60, _count(data) + 6))
        return Filled(DraftForm(data, now=now), Lines(data, prefix="lines"))
    if draft is None:
        return Filled(DraftForm(now=now), Lines(prefix="lines"))
    form = DraftForm(now=now, initial=initial_of(draft, now=now))
    return Filled(form, Lines(prefix="lines", initial=rows_of(draft)))


def _count(data: Any) -> int:
    try:
        return int(data.get("lines-TOTAL_FORMS", ""))
    except ValueError:
        return 0


def _act(
    request: HttpRequest, draft: Draft | None, filled: Filled, step: str, now: dt.datetime
) -> HttpResponse | None:
    if not (filled.form.is_valid() and filled.lines.is_valid()):
        filled.problem = _("Please look at the fields marked below.")
        return None
    plan = filled.form.plan(filled.lines)
    actor: User = request.user  # type: ignore[assignment]
    try:
        filled.priced = drafting.work_out(plan=plan, now=now)
        if step == WORK:
            return None
        kept = drafting.save(draft=draft, plan=plan, actor=actor, now=now)
    except Refused as refusal:
        filled.problem = refusal.message
        return None
    return _go_on(request, kept, step, actor, now)


def _go_on(
    request: HttpRequest, draft: Draft, step: str, actor: User, now: dt.datetime
) -> HttpResponse:
    """Kept; now what the button said beyond it. What is refused leaves the draft as it is kept."""
    pk = draft.order_id
    try:
        if step == SEND:
            drafting.send(order_id=pk, actor=actor, now=now)
            messages.success(request, _("The offer is on its way to the buyer."))
        elif step == ACCEPT:
            drafting.accept(order_id=pk, actor=actor, now=now)
            messages.success(request, _("The draft is an order now."))
        elif step in (TILL, TAKE):
            drafting.at_counter(order_id=pk, takes_along=step == TAKE, actor=actor, now=now)
            messages.success(request, _("Paid at the counter."))
        else:
            messages.success(request, _("Draft %(number)s kept.") % {"number": draft.order.number})
    except Refused as refusal:
        messages.error(request, refusal.message)
    status = Order.objects.values_list("status", flat=True).get(pk=pk)
    if status != Order.Status.DRAFT:
        return HttpResponseRedirect(reverse("admin:orders_order_change", args=[pk]))
    return HttpResponseRedirect(reverse("admin:orders_draft_change", args=[draft.pk]))


def discard(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Throw it away. 403 without the right."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    try:
        drafting.discard(
            order_id=draft.order_id,
            actor=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        words = _("Draft %(number)s is thrown away.") % {"number": draft.order.number}
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("admin:orders_draft_changelist"))
