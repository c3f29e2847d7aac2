"""A piece: where it lies and how many there are; and what broke of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.forms.damage import DamageForm
from inventory.models import Batch, BinItem, StockItem, StockMovement, StockPolicy
from inventory.queries.scope import within
from inventory.services.stock import Changed, Why
from inventory.views.access import DAMAGE, LOOK, show, workers_only
from shop.lib.errors import Refused
from shop.processes.stocktaking import damaging

Kind = StockMovement.Kind


@workers_only(LOOK)
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """?at=… names the stock item whose location is chosen already."""
    variant = get_object_or_404(Variant.objects.select_related("product"), pk=pk)
    rows = within(_items(variant), request.user, "location")
    tracked = StockPolicy.objects.filter(variant=variant, tracks_batches=True).exists()
    data = request.POST if request.method == "POST" else None
    form = DamageForm(data, items=rows, has_batches=tracked)
    form.fields["item"].initial = request.GET.get("at")
    if data is not None and not request.user.has_perm(DAMAGE):
        raise PermissionDenied
    if data is not None and form.is_valid() and _done(request, variant, form):
        return HttpResponseRedirect(reverse("inventory:item", args=[pk]))
    context = {
        "title": str(variant.product),
        "here": "floor",
        "variant": variant,
        "items": rows,
        "form": form,
        "errors": form.non_field_errors(),
        "can_damage": request.user.has_perm(DAMAGE) and bool(rows),
    }
    status = 200 if data is None else 409 if form.non_field_errors() else 400
    return show(request, "item", context, status=status)


def _items(variant: Variant) -> Any:
    bins = BinItem.objects.select_related("bin").order_by("position", "pk")
    batches = Batch.objects.filter(on_hand__gt=0).order_by("expires_on", "pk")
    return (
        StockItem.objects.filter(variant=variant)
        .select_related("location")
        .prefetch_related(Prefetch("bin_items", bins), Prefetch("batches", batches))
        .order_by("location__position", "pk")
    )


def _done(request: HttpRequest, variant: Variant, form: DamageForm) -> Changed | None:
    asked = form.cleaned_data
    why = Why(
        kind=Kind.DAMAGE,
        now=timezone.now(),
        reason=asked["reason"],
        actor=request.user,  # type: ignore[arg-type]  # signed in, or workers_only() said no
    )
    about: dict[str, Any] = {
        "variant_id": variant.pk,
        "units": asked["units"],
        "why": why,
        "location": asked["item"].location,
    }
    try:
        match asked["what"]:
            case "damage":
                changed = damaging.damage(**about, batch=form.lot())
            case "mend":
                changed = damaging.mend(**about, batch=form.lot())
            case _:
                changed = damaging.scrap(**about)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    words = _("%(sku)s at %(place)s: %(good)s good, %(damaged)s damaged.")
    told = {"sku": variant.sku, "place": asked["item"].location}
    numbers = {"good": changed.item.on_hand, "damaged": changed.item.damaged}
    messages.success(request, words % (told | numbers))
    if changed.shortages:
        messages.warning(request, _("%s promises can't be kept.") % len(changed.shortages))
    return changed
