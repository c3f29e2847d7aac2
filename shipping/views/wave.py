"""A walk on a phone: what comes next, from which bin, for which parcel on the trolley."""

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
from shipping.models import PickTask, PickWave
from shipping.services import waves
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.processes import picking

Status = PickWave.Status


@workers_only(PACK)
def wave(request: HttpRequest, number: str) -> HttpResponse:
    rows = within(PickWave.objects.all(), request.user, "location")
    rows = rows.select_related("location", "picker")
    found = get_object_or_404(rows, number__iexact=number)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(request, found))
        except Refused as refusal:
            refused = refusal
        except InvalidTransition:
            refused = Refused(_("Something of this walk changed meanwhile."))
        found = get_object_or_404(rows, pk=found.pk)
    context = _page(request, found) | {"refused": refused}
    return show(request, "wave", context, status=409 if refused else 200)


def _act(request: HttpRequest, found: PickWave) -> str:
    """What the pressed button says. Returns where to go. Raises Refused."""
    actor: Any = request.user
    now, page = timezone.now(), reverse("shipping:wave", args=[found.number])
    if (missing := figures.one_id(request.POST.get("short"))) is not None:
        return page + _short(request, missing)
    match request.POST.get("action", "scan"):
        case "start":
            picking.start_wave(wave_id=found.pk, actor=actor, now=now)
        case "give_up":
            picking.give_up(wave_id=found.pk, actor=actor, now=now)
            messages.success(request, _("Given up: what was not whole waits for another walk."))
        case _:
            text = request.POST.get("scan", "")
            picked = picking.scan(wave_id=found.pk, text=text, actor=actor, now=now)
            return f"{page}?at={picked.task.pk}"
    return page


def _short(request: HttpRequest, task_id: int) -> str:
    units = figures.units(request.POST.get(f"missing_{task_id}")) or 0
    actor: Any = request.user
    task = picking.short(task_id=task_id, units=units, actor=actor, now=timezone.now())
    told = {"units": units, "sku": task.variant.sku}
    messages.success(request, _("%(units)s × %(sku)s written down as missing.") % told)
    return ""


def _page(request: HttpRequest, found: PickWave) -> dict[str, Any]:
    slots = waves.parcels_of(found)
    tasks = (
        PickTask.objects.filter(wave=found)
        .select_related("variant__product", "bin", "line__fulfilment__order")
        .order_by("position", "pk")
    )
    rows = [_row(task, slots) for task in tasks]
    todo = [row for row in rows if row["left"]]
    last = figures.one_id(request.GET.get("at"))
    return {
        "title": _("Walk %(number)s") % {"number": found.number},
        "here": "shipping:picking",
        "wave": found,
        "is_open": found.status == Status.OPEN,
        "is_picking": found.status == Status.PICKING,
        "next": todo[0] if todo else None,
        "rows": todo[1:],
        "done": [row for row in rows if not row["left"]],
        "last": next((row for row in rows if row["task"].pk == last), None),
        "parcels": len(slots),
        "left": sum(row["left"] for row in rows),
    }


def _row(task: PickTask, slots: dict[int, int]) -> dict[str, Any]:
    """A pick; slot: the parcel's place on the trolley."""
    return {
        "task": task,
        "left": task.quantity - task.picked - task.short,
        "slot": slots.get(task.line.fulfilment_id, 0),
        "number": task.line.fulfilment.order.number,
    }
