"""The packing table: which parcels are picked and wait for a box, and which stand packed."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.queries.scope import within
from inventory.views.access import PACK, paged, show, workers_only
from shipping.models import Fulfilment, PickTask
from shipping.queries.parcels import OPEN
from shop.lib.errors import Refused

Status = Fulfilment.Status


@workers_only(PACK)
def packing(request: HttpRequest) -> HttpResponse:
    """?scan=10482-1 goes to that parcel; an order's number to its next one. ?show=packed: those."""
    refused: Refused | None = None
    if code := request.GET.get("scan", "").strip():
        if found := _found(request, code):
            return HttpResponseRedirect(reverse("shipping:parcel", args=[found.pk]))
        refused = Refused(_("No open parcel has the number %(code)s.") % {"code": code[:30]})
    is_packed = request.GET.get("show") == "packed"
    rows = Fulfilment.objects.filter(status=Status.PACKED) if is_packed else to_pack()
    rows = within(rows, request.user, "location")
    context = {
        "title": _("Pack"),
        "here": "shipping:packing",
        "is_packed": is_packed,
        "refused": refused,
        "typed": code,
        **paged(
            request, rows.select_related("order", "location", "wave").order_by("ship_by", "pk")
        ),
    }
    return show(request, "packing", context, status=404 if refused else 200)


def to_pack() -> "QuerySet[Fulfilment]":
    """Picked to the last piece, or begun with without a walk."""
    waiting = PickTask.objects.filter(line__fulfilment=OuterRef("pk"), done_at=None)
    return Fulfilment.objects.filter(status=Status.PICKING).exclude(Exists(waiting))


def _found(request: HttpRequest, code: str) -> Fulfilment | None:
    """By the parcel's barcode, its order's number, or its tracking number."""
    number, _dash, position = code.removeprefix("#").partition("-")
    asked: Any = Q(order__number=number)
    if position.isdecimal() and len(position) < 5:
        asked &= Q(position=int(position))
    rows = Fulfilment.objects.filter(asked | Q(tracking_number=code), status__in=OPEN)
    return within(rows, request.user, "location").order_by("position", "pk").first()
