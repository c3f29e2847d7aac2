"""What a count found, beside what was expected: counted again, or approved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import StockCount
from inventory.queries.differences import differences
from inventory.services import count_sheets
from inventory.views.access import APPROVE, COUNT, show, workers_only
from inventory.views.counts import counts_of
from payments.services.books.chart import books_currency
from shop.lib.errors import Refused
from shop.processes.stocktaking import counting as process
from shop.processes.stocktaking.counting import Booked

Status = StockCount.Status


@workers_only(COUNT)
def count_differences(request: HttpRequest, number: str) -> HttpResponse:
    """Before it is counted out, only those who approve may look: a blind count stays blind."""
    found = get_object_or_404(counts_of(request), number=number)
    if found.status == Status.OPEN and not request.user.has_perm(APPROVE):
        raise PermissionDenied
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(request, found))
        except Refused as refusal:
            refused = refusal
            found.refresh_from_db()
    rows = differences(found)
    context = {
        "title": _("Differences of %(number)s") % {"number": found.number},
        "here": "counts",
        "count": found,
        "rows": [one for one in rows if one.units or not one.is_whole],
        "same": sum(1 for one in rows if one.is_whole and not one.units),
        "left_out": sum(1 for one in rows if not one.is_whole),
        "units": sum(one.units for one in rows),
        "value": sum(one.value for one in rows),
        "currency": books_currency(),
        "refused": refused,
        **_rights(request, found),
    }
    return show(request, "differences", context, status=409 if refused else 200)


def _rights(request: HttpRequest, found: StockCount) -> dict[str, bool]:
    waits = found.status == Status.COUNTED
    may = request.user.has_perm(APPROVE)
    others = process.may_approve(found, request.user)  # type: ignore[arg-type]  # signed in
    return {
        "waits": waits,
        "can_approve": waits and may and others,
        "counted_it": waits and may and not others,
    }


def _act(request: HttpRequest, found: StockCount) -> str:
    """Raises Refused; 403 for who may not approve."""
    actor, now = request.user, timezone.now()
    if request.POST.get("action") == "recount":
        ticked = figures.ids(request.POST.getlist("line"))
        count_sheets.reopen(count_id=found.pk, line_ids=ticked, actor=actor, now=now)  # type: ignore[arg-type]
        messages.success(request, _("These lines are to be counted again."))
        return f"{reverse('inventory:count', args=[found.number])}?show=open"
    if not request.user.has_perm(APPROVE):
        raise PermissionDenied
    booked = process.approve(count_id=found.pk, actor=actor, now=now)  # type: ignore[arg-type]
    messages.success(request, _said(booked))
    return reverse("inventory:count_differences", args=[found.number])


def _said(booked: Booked) -> str:
    if not booked.is_new:
        return _("%(number)s was booked before; nothing was booked twice.") % {
            "number": booked.number
        }
    words = [
        _("%(number)s is booked: %(changed)s stock items changed.")
        % {"number": booked.number, "changed": booked.changed}
    ]
    if booked.shortages:
        words.append(_("%(count)s promises can't be kept.") % {"count": booked.shortages})
    if booked.left_out:
        words.append(_("%(count)s were not counted out and stay.") % {"count": booked.left_out})
    return " ".join(words)
