"""Papers of one parcel, made while you wait. Those of many are runs, made by a worker."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from orders.models import Order
from shipping.models import Fulfilment, Label, PickWave
from shipping.services import papers
from shop.lib.errors import Refused
from shop.lib.http import only_reads
from shop.lib.paper import NotPrinted

View = Callable[..., HttpResponseBase]
SEE = "shipping.view_fulfilment"
PDF = "application/pdf"


def staff_only(view: View) -> View:
    """Who may see parcels may print what goes with them."""

    @only_reads
    @never_cache
    @login_required
    @permission_required(SEE, raise_exception=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return guarded


@staff_only
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    parcel = get_object_or_404(Fulfilment.objects.select_related("order"), pk=pk)
    prices = "prices" in request.GET
    code = papers.parcel_code(parcel)
    return _made(
        request, parcel.order, f"{code}.pdf", lambda: papers.packing_slips([parcel], prices=prices)
    )


@staff_only
def order_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left to send, before there is a parcel."""
    order = get_object_or_404(Order, pk=pk)
    prices = "prices" in request.GET
    name = f"{order.number}.pdf"
    return _made(request, order, name, lambda: papers.slips_of_orders([order], prices=prices))


@staff_only
def parcel_picks(request: HttpRequest, pk: int) -> HttpResponse:
    parcel = get_object_or_404(Fulfilment.objects.select_related("order", "location"), pk=pk)
    name = f"{papers.parcel_code(parcel)}-picks.pdf"
    return _made(request, parcel.order, name, lambda: papers.pick_list_of([parcel]))


@staff_only
def wave_picks(request: HttpRequest, pk: int) -> HttpResponse:
    wave = get_object_or_404(PickWave.objects.select_related("location", "picker"), pk=pk)
    return _made(request, None, f"{wave.number}.pdf", lambda: papers.pick_list(wave))


@staff_only
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """A label as a page to print, whatever kind of picture the carrier made."""
    found = get_object_or_404(
        Label.objects.select_related("fulfilment__order", "rma__order"), pk=pk
    )
    parcel = found.fulfilment or found.rma
    order = parcel.order if parcel else None
    return _made(request, order, f"{found}.pdf", lambda: papers.labels([found]))


@staff_only
def customs(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A paper for customs, of a parcel that needs it: "invoice", or "form" for CN 22 or CN 23."""
    parcel = get_object_or_404(Fulfilment.objects.select_related("order", "location"), pk=pk)
    name = f"{papers.parcel_code(parcel)}-{kind}.pdf"
    return _made(request, parcel.order, name, lambda: papers.asked_for(parcel, kind).content)


def _made(
    request: HttpRequest, order: Order | None, name: str, make: Callable[[], bytes]
) -> HttpResponse:
    """The paper, or its order's page with the reason why there is none."""
    try:
        pdf = make()
    except Refused as refusal:
        messages.error(request, refusal.message)
    except NotPrinted:
        messages.error(request, _("The page could not be made."))
    else:
        return file(pdf, name)
    if order is None:
        raise Http404
    return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.pk]))


def file(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    response = HttpResponse(pdf, content_type=PDF, headers=headers)
    response["X-Content-Type-Options"] = "nosniff"
    return response
