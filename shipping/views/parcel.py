"""One parcel on the packing table: checked by scanning, boxed, weighed, closed, parted, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.queries.scope import within
from inventory.views.access import PACK, show, workers_only
from shipping.models import Box, Fulfilment
from shipping.queries.parcels import OPEN
from shipping.views.checked import Checked
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.processes import fulfilment, picking
from shop.processes.fulfilment import Parcel

Status = Fulfilment.Status
SEND = "orders.ship_order"


@workers_only(PACK)
def parcel(request: HttpRequest, pk: int) -> HttpResponse:
    rows = within(Fulfilment.objects.all(), request.user, "location")
    rows = rows.select_related("order", "location", "wave", "box")
    found = get_object_or_404(rows, pk=pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(request, found))
        except Refused as refusal:
            refused = refusal
        except InvalidTransition:
            refused = Refused(_("Its state changed meanwhile."))
        found = get_object_or_404(rows, pk=pk)
    context = _page(request, found) | {"refused": refused}
    return show(request, "parcel", context, status=409 if refused else 200)


def _act(request: HttpRequest, found: Fulfilment) -> str:
    """What the pressed button says. Returns where to go. Raises Refused."""
    page = reverse("shipping:parcel", args=[found.pk])
    match request.POST.get("action", "scan"):
        case "pack":
            _pack(request, found)
        case "split":
            made = _split(request, found)
            messages.success(request, _("Parcel %(number)s is new.") % {"number": made.position})
        case "send":
            _send(request, found)
        case "unpack":
            picking.unpack(fulfilment_id=found.pk, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
            messages.success(request, _("Called off: the goods go back on the shelf."))
        case "again":
            Checked(request, found).forget()
        case _:
            checked = Checked(request, found)
            return f"{page}?at={checked.scan(request.POST.get('scan', ''))}"
    return page


def _pack(request: HttpRequest, found: Fulfilment) -> None:
    checked = Checked(request, found)
    checked.check()
    box = Box.objects.filter(pk=figures.one_id(request.POST.get("box")) or 0, is_active=True)
    picking.pack(
        fulfilment_id=found.pk,
        box=box.first(),
        grams=figures.units(request.POST.get("grams")) or 0,
        actor=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    checked.forget()
    messages.success(request, _("Packed."))


def _split(request: HttpRequest, found: Fulfilment) -> Fulfilment:
    lines = found.lines.values_list("order_line", flat=True)
    units = {pk: figures.units(request.POST.get(f"out_{pk}")) or 0 for pk in lines}
    Checked(request, found).forget()
    actor: Any = request.user
    return picking.split(fulfilment_id=found.pk, units=units, actor=actor, now=timezone.now())


def _send(request: HttpRequest, found: Fulfilment) -> None:
    if not request.user.has_perm(SEND):
        raise Refused(_("You may pack, but not send."))
    carrier = request.POST.get("carrier", "").strip()[:40]
    number = request.POST.get("tracking_number", "").strip()[:60]
    actor: Any = request.user
    fulfilment.dispatch_parcel(
        fulfilment_id=found.pk,
        parcel=Parcel(carrier, number),
        actor=actor,
        now=timezone.now(),
    )
    messages.success(request, _("Sent. The customer is told."))


def _page(request: HttpRequest, found: Fulfilment) -> dict[str, Any]:
    proposed = picking.proposal(found).parcels
    pieces = [piece for one in proposed for piece in one.pieces]
    lines = found.lines.select_related("order_line").prefetch_related("order_line__parts")
    code = f"{found.order.number}-{found.position}"
    return {
        "title": _("Parcel %(code)s") % {"code": code},
        "here": "shipping:packing",
        "parcel": found,
        "can_pack": found.status in picking.TO_PACK,
        "can_unpack": found.status in OPEN,
        "can_send": found.status == Status.PACKED and request.user.has_perm(SEND),
        "lines": lines.order_by("order_line__position", "pk"),
        "pieces": Checked(request, found).rows(),
        "last": figures.one_id(request.GET.get("at")),
        "proposed": proposed,
        "box": proposed[0].box if len(proposed) == 1 else None,
        "grams": sum(one.grams for one in proposed),
        "boxes": Box.objects.filter(is_active=True).order_by("max_grams", "name"),
        "is_fragile": any(piece.is_fragile for piece in pieces),
    }
