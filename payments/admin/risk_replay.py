"""Trying rules on past orders: which would have waited, and what became of them."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.admin.risk_forms import ReplayForm
from payments.models import RiskRule
from payments.services import risk
from payments.services.risk import replay
from payments.services.risk.rules import readable

if TYPE_CHECKING:
    RulePage = ModelAdmin[RiskRule]

TEMPLATE = "admin/payments/riskrule/replay.html"
# So many caught orders are listed.
SHOWN = 200
TONES = {"disputed": "danger", "refunded": "warning", "called_off": "warning", "fine": "success"}


def show(page: "RulePage", request: HttpRequest) -> HttpResponse:
    """The weights, and once asked what they would have caught. Nothing is changed."""
    may_see = page.has_view_permission(request) and request.user.has_perm("orders.view_order")
    if not may_see:
        raise PermissionDenied
    rows, is_asked = list(risk.rules()), "run" in request.GET
    form = ReplayForm(request.GET if is_asked else None, rows=rows, initial=_initial(request, rows))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Try rules on past orders"),
        "opts": page.opts,
        "form": form,
        "limit": replay.LIMIT,
        "back": reverse("admin:payments_riskrule_changelist"),
    }
    if is_asked and form.is_valid():
        context |= _found(form, timezone.now())
    return TemplateResponse(request, TEMPLATE, context)


def _initial(request: HttpRequest, rows: list[RiskRule]) -> dict[str, Any]:
    """The policy's threshold and all that counts; or one rule alone, when it was asked about."""
    wanted = request.GET.get("rule", "")
    alone = next((row for row in rows if str(row.pk) == wanted), None)
    if alone is None:
        return {"hold_from": risk.policy().hold_from}
    return {"hold_from": max(1, alone.score)} | {f"on_{row.pk}": row is alone for row in rows}


def _found(form: ReplayForm, now: dt.datetime) -> dict[str, Any]:
    data = form.cleaned_data
    found = replay.run(
        asked=readable(form.chosen()),
        hold_from=data["hold_from"],
        since=now - dt.timedelta(days=data["days"]),
        now=now,
    )
    return {
        "found": found,
        "counts": [
            (replay.OUTCOMES[outcome], TONES.get(outcome, "default"), count)
            for outcome, count in found.counts.items()
        ],
        "caught": [
            (one, replay.OUTCOMES[one.outcome], TONES.get(one.outcome, "default"))
            for one in found.caught[:SHOWN]
        ],
        "shown": SHOWN,
    }
