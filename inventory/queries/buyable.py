"""What can be put on a purchase order: found by a number or a word, the supplier's own first."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalog.models import Variant
from inventory.models import SupplierOffer

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A variant, and what this supplier asks for it; None when he does not offer it."""

    variant: Variant
    offer: SupplierOffer | None

    @property
    def least(self) -> int:
        """Units to start from."""
        return max(self.offer.minimum, self.offer.pack_size) if self.offer else 1


def exactly(*, supplier_id: int, number: str) -> list[Found]:
    """What has this SKU, barcode or number at the supplier."""
    theirs = SupplierOffer.objects.filter(supplier=supplier_id, supplier_sku__iexact=number)
    rows = Variant.objects.filter(
        Q(sku__iexact=number)
        | Q(barcode=number)
        | Q(pk__in=theirs.order_by().values_list("variant_id", flat=True))
    )
    return _with_offers(rows, supplier_id)


def like(*, supplier_id: int, text: str) -> list[Found]:
    """A dozen variants whose number or name has this in it."""
    rows = Variant.objects.filter(
        Q(sku__icontains=text)
        | Q(product__title__icontains=text)
        | Q(supplier_offers__supplier=supplier_id, supplier_offers__supplier_sku__icontains=text)
    )
    return _with_offers(rows.distinct(), supplier_id)


def _with_offers(rows: QuerySet[Variant], supplier_id: int) -> list[Found]:
    offered = SupplierOffer.objects.filter(supplier=supplier_id, is_active=True)
    # What lies on no shelf of its own is not bought: bundles, and what is not sent.
    rows = rows.filter(product__type__is_shipped=True, parts=None)
    own = list(rows.filter(pk__in=offered.values("variant_id")).order_by("sku")[:MOST])
    rest = rows.exclude(pk__in=[one.pk for one in own]).order_by("sku")[: MOST - len(own)]
    variants = [*own, *rest]
    offers = {
        offer.variant_id: offer
        for offer in offered.filter(variant__in=variants).prefetch_related("breaks")
    }
    products = Variant.objects.select_related("product").in_bulk([one.pk for one in variants])
    return [Found(products[one.pk], offers.get(one.pk)) for one in variants]
