"""Parcels that come back: found by their number, received, and looked at unit by unit."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.queries.scope import within
from inventory.views.access import TAKE_BACK, paged, show, workers_only
from orders.models import Return, ReturnCheck, ReturnLine
from shop.lib.errors import Refused
from shop.processes import returns
from shop.processes.returns import BadCount, Found

Status = Return.Status
Disposition = ReturnCheck.Disposition
TO_COME = (Status.APPROVED, Status.IN_TRANSIT)
HERE = (Status.RECEIVED, Status.INSPECTED)
MAY_COME = (*TO_COME, Status.EXPIRED)


@workers_only(TAKE_BACK)
def coming_back(request: HttpRequest) -> HttpResponse:
    """?scan= finds a return by its number, its order or its tracking number."""
    refused: Refused | None = None
    if code := request.GET.get("scan", "").strip():
        if found := _found(request, code):
            return HttpResponseRedirect(reverse("shipping:coming_back", args=[found.number]))
        refused = Refused(_("No return has the number %(code)s.") % {"code": code[:30]})
    is_here = request.GET.get("show") == "here"
    rows = Return.objects.filter(status__in=HERE if is_here else TO_COME)
    rows = within(rows, request.user, "location").exclude(way=Return.Way.KEEP)
    context = {
        "title": _("Returns"),
        "here": "shipping:returns",
        "is_here": is_here,
        "refused": refused,
        "typed": code,
        **paged(request, rows.select_related("order").order_by("requested_at", "pk")),
    }
    return show(request, "returns", context, status=404 if refused else 200)


def _found(request: HttpRequest, code: str) -> Return | None:
    number = code.removeprefix("#").upper()
    same = Q(number=number) | Q(number=f"RMA-{number}") | Q(tracking_number=code)
    rows = Return.objects.filter(same | Q(order__number=number)).exclude(way=Return.Way.KEEP)
    return within(rows, request.user, "location").order_by("-requested_at", "-pk").first()


@workers_only(TAKE_BACK)
def one(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(_returns(request), number__iexact=number)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _act(request, found)
        except Refused as refusal:
            refused = refusal
            found = get_object_or_404(_returns(request), number__iexact=number)
        else:
            page = reverse("shipping:coming_back", args=[found.number])
            return HttpResponseRedirect(page)
    context = _page(request, found) | {"refused": refused}
    return show(request, "return", context, status=409 if refused else 200)


def _returns(request: HttpRequest) -> "QuerySet[Return]":
    rows = within(Return.objects.all(), request.user, "location")
    return rows.select_related("order", "location")


def _act(request: HttpRequest, found: Return) -> None:
    """What the pressed button says. Raises Refused."""
    actor: Any = request.user
    now = timezone.now()
    match request.POST.get("action", ""):
        case "receive":
            units = _units(request.POST, found)
            returns.receive(rma_id=found.pk, units=units, actor=actor, now=now)
            messages.success(request, _("Received. Now look at every piece."))
        case "inspect":
            returns.inspect(
                rma_id=found.pk, found=_findings(request.POST, found), actor=actor, now=now
            )
            messages.success(request, _("Kept. What is good is on the shelf again."))
        case "settle" if request.user.has_perm("orders.settle_return"):
            returns.settle(rma_id=found.pk, actor=actor, now=now)
            messages.success(request, _("Settled."))


def _units(posted: Mapping[str, str], found: Return) -> dict[int, int]:
    units = {}
    for line in found.lines.all():
        typed = figures.units(posted.get(f"came_{line.pk}"))
        if typed is None:
            raise BadCount(_("Write how many came of each. Write 0 for none."))
        units[line.pk] = typed
    return units


def _findings(posted: Mapping[str, str], found: Return) -> list[Found]:
    findings = []
    for line in found.lines.all():
        for disposition in Disposition:
            units = figures.units(posted.get(f"{disposition}_{line.pk}")) or 0
            if units:
                findings.append(
                    Found(
                        line.pk,
                        disposition,
                        units,
                        is_refused=f"refused_{line.pk}" in posted,
                        note=posted.get(f"note_{line.pk}", "")[:300],
                    )
                )
    return findings


def _page(request: HttpRequest, found: Return) -> dict[str, Any]:
    lines = found.lines.select_related("order_line", "reason").prefetch_related("checks")
    return {
        "title": found.number,
        "here": "shipping:returns",
        "rma": found,
        "may_come": found.status in MAY_COME and found.way != Return.Way.KEEP,
        "is_here": found.status == Status.RECEIVED,
        "may_settle": found.status == Status.INSPECTED
        and request.user.has_perm("orders.settle_return"),
        "rows": [_row(request.POST, line) for line in lines.order_by("pk")],
    }


def _row(posted: Mapping[str, str], line: ReturnLine) -> dict[str, Any]:
    """A line, and a field for each thing that may become of its units: all good unless typed."""
    usual = {Disposition.RESTOCKED: line.received}
    return {
        "line": line,
        "came": posted.get(f"came_{line.pk}", line.quantity),
        "choices": [
            {
                "name": f"{value}_{line.pk}",
                "words": label,
                "typed": posted.get(f"{value}_{line.pk}", usual.get(Disposition(value), 0)),
            }
            for value, label in Disposition.choices
        ],
        "note": posted.get(f"note_{line.pk}", ""),
        "is_refused": f"refused_{line.pk}" in posted,
    }
