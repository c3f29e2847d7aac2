"""The page between ticking short lines and what is done about them: asks, acts, reports each."""

import re
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Shortage
from orders.admin.short_steps import DECISIONS, Answer, Decision, address, lines_of
from orders.models import OrderLine
from orders.services import substitutes
from orders.services.substitutes import Substitute
from shop.lib.errors import Refused

if TYPE_CHECKING:
    ShortPage = admin.ModelAdmin[Shortage]

ID = re.compile(r"[0-9]{1,18}")
AT_ONCE = 200
Found = list[tuple[Shortage, OrderLine | None]]


def start(request: HttpRequest, chosen: QuerySet[Shortage], step: Decision) -> HttpResponse:
    """From the ticked rows of the list to the question."""
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        text = _("Choose at most %(count)s lines at a time.") % {"count": AT_ONCE}
        messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(address(step, ids, back=request.GET.urlencode()))


def show(request: HttpRequest, page: "ShortPage", slug: str) -> HttpResponse:
    """Ask and act. 403 without the step's rights, 404 without shortages."""
    step = DECISIONS.get(slug)
    if step is None:
        raise Http404
    may = all(request.user.has_perm(right) for right in step.rights)
    if not (may and page.has_view_permission(request)):
        raise PermissionDenied
    found = _chosen(request)
    form = step.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = Answer(form.cleaned_data, request.user, timezone.now())  # type: ignore[arg-type]
        for row, line in found:
            _decide(request, step, answer, row, line)
        return HttpResponseRedirect(_back(request, found))
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": step.verb,
        "opts": page.opts,
        "step": step,
        "form": form,
        "found": found,
        "pieces": _pieces(found) if "sku" in form.fields else [],
        "back": _back(request, found),
    }
    return TemplateResponse(request, "admin/inventory/shortage/decision.html", context)


def _chosen(request: HttpRequest) -> Found:
    wanted = [text for text in request.GET.getlist("shortage") if ID.fullmatch(text)]
    rows = list(Shortage.objects.filter(pk__in=wanted[:AT_ONCE]).order_by("pk"))
    if not rows:
        raise Http404
    return lines_of(rows)


def _decide(
    request: HttpRequest, step: Decision, answer: Answer, row: Shortage, line: OrderLine | None
) -> None:
    """Each on its own, each with its line in the report: one refusal does not stop the others."""
    if line is None:
        messages.error(request, _("A line of this list is gone."))
        return
    name = f"{line.order.number}, {line.sku}"
    row.refresh_from_db()
    if row.settled_at is not None:
        messages.error(request, f"{name}: {_('settled meanwhile')}, {row.get_outcome_display()}.")
        return
    try:
        step.run(line, answer)
    except Refused as refusal:
        messages.error(request, f"{name}: {refusal.message}")
    else:
        messages.success(request, f"{step.done}: {name}.")


def _pieces(found: Found) -> list[Substitute]:
    """What the customer would be offered, when it is about one line."""
    line = found[0][1]
    if len(found) != 1 or line is None:
        return []
    return substitutes.alternatives(line=line, market=line.order.market)


def _back(request: HttpRequest, found: Found) -> str:
    line = found[0][1]
    if "back" not in request.GET and line is not None:
        return reverse("admin:orders_order_change", args=[line.order_id])
    query = request.GET.get("back", "")
    page = reverse("admin:inventory_shortage_changelist")
    return f"{page}?{query}" if query else page
