"""Walks through the stock room: those there are, and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import Location
from inventory.queries.scope import within
from inventory.views.access import PACK, paged, show, workers_only
from shipping.models import PickWave
from shop.lib.errors import Refused
from shop.processes import picking

Status = PickWave.Status
IN_A_WAVE = 20
MOST = 200


@workers_only(PACK)
def waves(request: HttpRequest) -> HttpResponse:
    """Open walks, a field for a wave's barcode, and how many orders wait at each place."""
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_made(request))
        except Refused as refusal:
            refused = refusal
    if number := request.GET.get("scan", "").strip():
        waves_here = within(PickWave.objects.all(), request.user, "location")
        if known := waves_here.filter(number__iexact=number).first():
            return HttpResponseRedirect(reverse("shipping:wave", args=[known.number]))
        refused = Refused(_("No walk has the number %(number)s.") % {"number": number[:20]})
    return show(request, "picking", _page(request) | {"refused": refused}, status=_status(refused))


def _status(refused: Refused | None) -> int:
    return 409 if refused else 200


def _made(request: HttpRequest) -> str:
    place = get_object_or_404(
        _places(request), pk=figures.one_id(request.POST.get("location")) or 0
    )
    limit = figures.units(request.POST.get("limit")) or IN_A_WAVE
    made = picking.make_wave(
        location=place,
        limit=min(limit, MOST),
        actor=request.user,  # type: ignore[arg-type]  # signed in
        now=timezone.now(),
    )
    return reverse("shipping:wave", args=[made.number])


def _places(request: HttpRequest) -> Any:
    ours = Location.objects.filter(is_active=True).exclude(kind=Location.Kind.PARTNER)
    return within(ours, request.user, "pk").order_by("position", "pk")


def _page(request: HttpRequest) -> dict[str, Any]:
    rows = within(PickWave.objects.all(), request.user, "location")
    rows = rows.filter(status__in=[Status.OPEN, Status.PICKING])
    places = [(place, picking.due(location=place).count()) for place in _places(request)]
    return {
        "title": _("Pick"),
        "here": "shipping:picking",
        "places": [(place, count) for place, count in places if count],
        "limit": request.POST.get("limit", IN_A_WAVE),
        **paged(request, rows.select_related("location", "picker").order_by("created_at", "pk")),
    }
