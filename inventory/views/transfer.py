"""One transfer: its lines written by scanning, sent, and unpacked at the other end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import StockItem, Transfer, TransferLine
from inventory.queries import codes
from inventory.queries.scope import within
from inventory.services import transfers as service
from inventory.services.transfers import TransferRefused
from inventory.views.access import TRANSFER, show, workers_only
from shop.lib.errors import Refused
from shop.processes.stocktaking import transferring

Status = Transfer.Status


@workers_only(TRANSFER)
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    rows = Transfer.objects.select_related("source", "target")
    found = get_object_or_404(within(rows, request.user, "source", "target"), number__iexact=number)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(request, found))
        except Refused as refusal:
            refused = refusal
            found.refresh_from_db()
    status = 409 if refused else 200
    return show(request, "transfer", _page(request, found) | {"refused": refused}, status=status)


def _act(request: HttpRequest, found: Transfer) -> str:
    """What the pressed button says. Returns where to go. Raises Refused."""
    actor, now = request.user, timezone.now()
    at = ""
    match request.POST.get("action", "scan"):
        case "send":
            _keep(request, found)
            transferring.send(transfer_id=found.pk, actor=actor, now=now)  # type: ignore[arg-type]
            messages.success(request, _("On the way: the goods left %s.") % found.source)
        case "receive":
            came = _came(request, found)
            transferring.receive(transfer_id=found.pk, received=came, actor=actor, now=now)  # type: ignore[arg-type]
            messages.success(request, _("Received at %s.") % found.target)
        case "cancel":
            service.cancel(transfer_id=found.pk, actor=actor, now=now)  # type: ignore[arg-type]
            messages.success(request, _("The transfer is called off. Nothing left."))
        case "keep":
            _keep(request, found)
        case _:
            at = _scan(request, found)
    return reverse("inventory:transfer", args=[found.number]) + at


def _scan(request: HttpRequest, found: Transfer) -> str:
    scan = codes.read(request.POST.get("scan", ""))
    variant = codes.variant_of(scan.code)
    _keep(request, found)
    service.put(transfer_id=found.pk, variant_id=variant.pk, units=scan.units, adds=True)
    return f"?at={variant.pk}#variant-{variant.pk}"


def _keep(request: HttpRequest, found: Transfer) -> None:
    """Take over the figures that were changed in the draft."""
    for line in found.lines.select_related("variant", "batch"):
        typed = figures.units(request.POST.get(f"units_{line.pk}"))
        if typed is None or str(typed) == request.POST.get(f"seen_{line.pk}"):
            continue
        service.put(transfer_id=found.pk, variant_id=line.variant_id, units=typed, batch=line.batch)


def _came(request: HttpRequest, found: Transfer) -> dict[int, int]:
    """What came of each line; every line has to be said. Raises TransferRefused."""
    came = {}
    for line in found.lines.select_related("variant"):
        typed = figures.units(request.POST.get(f"came_{line.pk}"))
        if typed is None:
            words = _("%(sku)s: how many came? Write 0 for none.")
            raise TransferRefused(words % {"sku": line.variant.sku})
        came[line.pk] = typed
    return came


def _page(request: HttpRequest, found: Transfer) -> dict[str, Any]:
    last = figures.one_id(request.GET.get("at"))
    lines = list(
        found.lines.select_related("variant__product", "batch").order_by("variant__sku", "pk")
    )
    free = _free(found, lines) if found.status == Status.DRAFT else {}
    return {
        "title": found.number,
        "here": "transfers",
        "transfer": found,
        "is_draft": found.status == Status.DRAFT,
        "is_on_the_way": found.status == Status.IN_TRANSIT,
        "rows": [
            {
                "line": line,
                "free": free.get(line.variant_id, 0),
                "is_last": line.variant_id == last,
                "typed": request.POST.get(f"units_{line.pk}", line.quantity),
                "came": request.POST.get(f"came_{line.pk}", ""),
                "lost": line.quantity - line.received if line.received is not None else 0,
            }
            for line in lines
        ],
        "last": next((line for line in lines if line.variant_id == last), None),
    }


def _free(found: Transfer, lines: list[TransferLine]) -> dict[int, int]:
    """Units that may leave the source: those nobody was promised."""
    items = StockItem.objects.filter(
        location=found.source, variant__in=[line.variant_id for line in lines]
    )
    return {item.variant_id: item.on_hand - item.allocated - item.reserved for item in items}
