"""Bins: which there are, and what lies in one, said by scanning."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.models import Bin, Location
from inventory.queries import codes
from inventory.queries.scope import within
from inventory.services import bins as service
from inventory.views.access import PUT_AWAY, paged, show, workers_only
from shop.lib.errors import Refused


@workers_only(PUT_AWAY)
def bins(request: HttpRequest) -> HttpResponse:
    """A list by location; a bin's own code or one of its items finds it."""
    search, place = request.GET.get("q", "").strip(), request.GET.get("location", "")
    rows = within(Bin.objects.filter(is_active=True), request.user, "location")
    rows = rows.select_related("location")
    if search:
        variants = [one.pk for one in codes.variants_of(search)]
        rows = rows.filter(Q(code__istartswith=search) | Q(items__stock_item__variant__in=variants))
    if place:
        rows = rows.filter(location__code=place)
    rows = rows.annotate(pieces=Count("items", distinct=True))
    context = {
        "title": _("Bins"),
        "here": "bins",
        "search": search,
        "place": place,
        "places": within(Location.objects.filter(is_active=True), request.user, "pk").order_by(
            "position", "pk"
        ),
        **paged(request, rows.order_by("location__position", "location", "position", "code", "pk")),
    }
    return show(request, "bins", context)


@workers_only(PUT_AWAY)
def bin_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies in a bin. A scan puts a piece in; scanning another bin's code goes there."""
    rows = within(Bin.objects.select_related("location"), request.user, "location")
    found = get_object_or_404(rows, pk=pk)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_act(request, found))
        except Refused as refusal:
            refused = refusal
    items = found.items.select_related("stock_item__variant__product")
    context = {
        "title": _("Bin %(code)s") % {"code": found.code},
        "here": "bins",
        "bin": found,
        "items": items.order_by("stock_item__variant__sku", "pk"),
        "refused": refused,
    }
    return show(request, "bin", context, status=409 if refused else 200)


def _act(request: HttpRequest, found: Bin) -> str:
    here = reverse("inventory:bin", args=[found.pk])
    if item_id := figures.one_id(request.POST.get("take_out")):
        service.take_out(place=found, item_id=item_id)
        messages.success(request, _("Taken off this bin."))
        return here
    scan = codes.read(request.POST.get("scan", ""))
    if other := codes.bin_of(found.location, scan.code):
        return reverse("inventory:bin", args=[other.pk])
    variant = codes.variant_of(scan.code)
    is_new = service.put(place=found, variant=variant)
    words = _("%(sku)s lies here.") if is_new else _("%(sku)s was known to lie here.")
    messages.success(request, words % {"sku": variant.sku})
    return here
