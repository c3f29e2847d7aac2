"""The counter: what lies ready for its buyers, handed over against their codes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.views.access import paged, show, workers_only
from shipping.models import Fulfilment
from shipping.queries.pickup import waiting_here
from shop.lib.errors import Refused
from shop.processes import collecting


@workers_only("orders.ship_order")
def collect(request: HttpRequest) -> HttpResponse:
    """The list, the parcel that a code belongs to, and handing it over."""
    code = request.POST.get("code") or request.GET.get("code", "")
    if request.method == "POST":
        try:
            done = collecting.hand_over(code=code, actor=request.user, now=timezone.now())  # type: ignore[arg-type]
        except Refused as refusal:
            return _page(request, code, refused=refusal, status=409)
        return redirect(f"{reverse('shipping:collect')}?done={done.order.number}")
    if not code:
        return _page(request, "")
    try:
        return _page(request, code, parcel=collecting.found(code=code))
    except Refused as refusal:
        return _page(request, code, refused=refusal, status=404)


def _page(
    request: HttpRequest,
    code: str,
    *,
    parcel: Fulfilment | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = waiting_here().select_related("order", "location").order_by("ready_at", "pk")
    lines = parcel.lines.select_related("order_line").order_by("pk") if parcel else []
    context = {
        "title": _("Hand over"),
        "here": "floor",
        "typed": code,
        "parcel": parcel,
        "lines": lines,
        "refused": refused,
        "done": request.GET.get("done", "")[:20],
        **paged(request, waiting),
    }
    return show(request, "collect", context, status=status)
