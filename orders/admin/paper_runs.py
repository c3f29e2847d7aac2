"""Papers of ticked orders: asked of a worker, to be had on the run's page."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from shipping.models import BulkRun
from shop.lib.errors import Refused
from shop.processes import bulk

Kind = BulkRun.Kind


def slips(request: HttpRequest, chosen: QuerySet[Order]) -> HttpResponse:
    return _ask(request, chosen, Kind.PACKING_SLIPS, prices=False)


def slips_with_prices(request: HttpRequest, chosen: QuerySet[Order]) -> HttpResponse:
    return _ask(request, chosen, Kind.PACKING_SLIPS, prices=True)


def pick_lists(request: HttpRequest, chosen: QuerySet[Order]) -> HttpResponse:
    return _ask(request, chosen, Kind.PICK_LISTS)


def labels(request: HttpRequest, chosen: QuerySet[Order]) -> HttpResponse:
    return _ask(request, chosen, Kind.LABEL_SHEETS, on_a4=False)


def labels_on_a4(request: HttpRequest, chosen: QuerySet[Order]) -> HttpResponse:
    return _ask(request, chosen, Kind.LABEL_SHEETS, on_a4=True)


def _ask(request: HttpRequest, chosen: QuerySet[Order], kind: str, **options: Any) -> HttpResponse:
    """Oldest first, as they lie on the packing table."""
    rows = [(pk, None) for pk in chosen.order_by("placed_at", "pk").values_list("pk", flat=True)]
    actor: Any = request.user
    try:
        run = bulk.ask(kind=kind, rows=rows, options=options, actor=actor, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("admin:orders_order_changelist"))
    return HttpResponseRedirect(reverse("admin:shipping_bulkrun_change", args=[run.pk]))
