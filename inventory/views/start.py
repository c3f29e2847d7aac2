"""The stock room's door: what waits, and what is behind a code."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models import PurchaseOrder, StockCount, Transfer
from inventory.queries import codes
from inventory.queries.codes import CodeRefused
from inventory.queries.scope import within
from inventory.views.access import (
    COUNT,
    LOOK,
    PACK,
    PUT_AWAY,
    RECEIVE,
    TAKE_BACK,
    TRANSFER,
    show,
    workers_only,
)
from orders.models import Return
from shipping.models import Fulfilment, PickWave
from shipping.queries.pickup import waiting_here


@workers_only(LOOK)
def floor(request: HttpRequest) -> HttpResponse:
    """Big buttons with what waits behind them, and a field that finds a piece by its code."""
    refused = None
    if "scan" in request.GET:
        try:
            scan = codes.read(request.GET["scan"])
            found = codes.variant_of(scan.code)
        except CodeRefused as refusal:
            refused = refusal
        else:
            return HttpResponseRedirect(reverse("inventory:item", args=[found.pk]))
    context = {
        "title": _("Stock room"),
        "here": "floor",
        "tasks": [task for task in _tasks(request) if request.user.has_perm(task["right"])],
        "refused": refused,
        "typed": request.GET.get("scan", ""),
    }
    return show(request, "start", context, status=404 if refused else 200)


def _tasks(request: HttpRequest) -> list[dict[str, Any]]:
    bought = within(PurchaseOrder.objects.all(), request.user, "location")
    orders = bought.filter(status__in=PurchaseOrder.OPEN).count()
    sheets = within(StockCount.objects.all(), request.user, "location")
    counts = sheets.filter(status=StockCount.Status.OPEN).count()
    unproven = sheets.filter(status=StockCount.Status.COUNTED).count()
    sent = within(Transfer.objects.all(), request.user, "source", "target")
    return [
        *_parcels(request),
        {
            "name": _("Receive goods"),
            "icon": "truck",
            "right": RECEIVE,
            "url": reverse("inventory:receiving"),
            "waits": ngettext("%(count)s order to come", "%(count)s orders to come", orders)
            % {"count": orders},
        },
        {
            "name": _("Count"),
            "icon": "check",
            "right": COUNT,
            "url": reverse("inventory:counts"),
            "waits": _("%(open)s being counted, %(counted)s to approve")
            % {"open": counts, "counted": unproven},
        },
        {
            "name": _("Transfer"),
            "icon": "return",
            "right": TRANSFER,
            "url": reverse("inventory:transfers"),
            "waits": _("%(count)s on the way")
            % {"count": sent.filter(status=Transfer.Status.IN_TRANSIT).count()},
        },
        {
            "name": _("Bins"),
            "icon": "box",
            "right": PUT_AWAY,
            "url": reverse("inventory:bins"),
            "waits": _("What lies where"),
        },
        {
            "name": _("Hand over"),
            "icon": "person",
            "right": "orders.ship_order",
            "url": reverse("shipping:collect"),
            "waits": _("%(count)s to be collected") % {"count": waiting_here().count()},
        },
        _returns(request),
    ]


def _returns(request: HttpRequest) -> dict[str, Any]:
    rows = within(Return.objects.all(), request.user, "location")
    here = rows.filter(status=Return.Status.RECEIVED).count()
    return {
        "name": _("Returns"),
        "icon": "return",
        "right": TAKE_BACK,
        "url": reverse("shipping:returns"),
        "waits": _("%(count)s to look at") % {"count": here},
    }


def _parcels(request: HttpRequest) -> list[dict[str, Any]]:
    waves = within(PickWave.objects.all(), request.user, "location")
    waves = waves.filter(status__in=[PickWave.Status.OPEN, PickWave.Status.PICKING])
    parcels = within(Fulfilment.objects.all(), request.user, "location")
    picked = parcels.filter(status=Fulfilment.Status.PICKING)
    return [
        {
            "name": _("Pick"),
            "icon": "bag",
            "right": PACK,
            "url": reverse("shipping:picking"),
            "waits": ngettext("%(count)s walk", "%(count)s walks", waves.count())
            % {"count": waves.count()},
        },
        {
            "name": _("Pack"),
            "icon": "box",
            "right": PACK,
            "url": reverse("shipping:packing"),
            "waits": ngettext("%(count)s parcel", "%(count)s parcels", picked.count())
            % {"count": picked.count()},
        },
    ]
