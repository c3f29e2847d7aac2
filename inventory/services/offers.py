"""Supplier offers: what a unit costs, how many are bought at once, and which offer is preferred."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import SupplierOffer
from shop.lib.locks import locked


@dataclass(frozen=True, slots=True)
class Rounded:
    """Units as a supplier sells them; words say why they are not what was asked for."""

    units: int
    words: str = ""


def offers_of(*, supplier_id: int, variant_ids: Iterable[int]) -> dict[int, SupplierOffer]:
    """What a supplier offers of these variants, with price breaks: by variant. Two queries."""
    rows = SupplierOffer.objects.filter(
        supplier=supplier_id, variant__in=list(variant_ids), is_active=True
    )
    return {offer.variant_id: offer for offer in rows.prefetch_related("breaks")}


def units_for(*, offer: SupplierOffer, units: int) -> Rounded:
    """At least so many units, no fewer than the minimum, in whole packs."""
    least = max(units, offer.minimum)
    packs = -(-least // offer.pack_size)
    rounded = packs * offer.pack_size
    if rounded == units:
        return Rounded(units)
    told = {"units": units, "rounded": rounded, "pack": offer.pack_size, "least": offer.minimum}
    if rounded == offer.minimum:
        return Rounded(rounded, _("%(rounded)s instead of %(units)s: the least they sell.") % told)
    if least == units:
        words = _("%(rounded)s instead of %(units)s: they come in packs of %(pack)s.")
    else:
        words = _(
            "%(rounded)s instead of %(units)s: they sell at least %(least)s, in packs of %(pack)s."
        )
    return Rounded(rounded, words % told)


def unit_cost(*, offer: SupplierOffer, units: int) -> Decimal:
    """The cost of one when so many are bought, in the supplier's currency."""
    reached = [one for one in offer.breaks.all() if one.from_units <= units]
    best = max(reached, key=lambda one: one.from_units, default=None)
    return best.cost if best else offer.cost


@transaction.atomic
def prefer(*, offer: SupplierOffer) -> None:
    """Buy the variant from here from now on: the mark leaves whoever had it."""
    rows = locked(SupplierOffer.objects.filter(variant=offer.variant_id))
    SupplierOffer.objects.filter(pk__in=[one.pk for one in rows]).update(is_preferred=False)
    SupplierOffer.objects.filter(pk=offer.pk).update(is_preferred=True)
    offer.is_preferred = True


@transaction.atomic
def settle(*, variant_ids: Iterable[int]) -> None:
    """Give the mark to the oldest active offer of a variant where no active one has it."""
    rows = locked(SupplierOffer.objects.filter(variant__in=set(variant_ids)))
    by_variant: dict[int, list[SupplierOffer]] = {}
    for offer in rows:
        by_variant.setdefault(offer.variant_id, []).append(offer)
    for offers in by_variant.values():
        active = [one for one in offers if one.is_active]
        if active and not any(one.is_preferred for one in active):
            prefer(offer=active[0])
