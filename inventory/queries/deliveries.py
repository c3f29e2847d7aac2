"""Purchase orders that goods may still come of, as they are looked up at the door."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.queries import codes


def expected_orders(search: str = "") -> QuerySet[PurchaseOrder]:
    """Open orders, the next to come first. search: number, supplier, SKU or barcode."""
    orders = PurchaseOrder.objects.filter(status__in=PurchaseOrder.OPEN)
    if search := search.strip():
        orders = orders.filter(_named(search))
    return (
        orders.select_related("supplier", "location")
        .annotate(
            units=Sum("lines__quantity"),
            came=Sum(F("lines__received") + F("lines__rejected")),
        )
        .order_by(F("expected_on").asc(nulls_last=True), "pk")
    )


def _named(search: str) -> Q:
    lines = PurchaseOrderLine.objects.filter(order=OuterRef("pk"))
    by_code = lines.filter(
        Q(variant__in=[one.pk for one in codes.variants_of(search)])
        | Q(variant__sku__istartswith=search)
        | Q(supplier_sku__iexact=search)
    )
    return (
        Q(number__iexact=search)
        | Q(number__iendswith=f"-{search}")
        | Q(supplier__name__icontains=search)
        | Q(supplier__code__iexact=search)
        | Q(Exists(by_code))
    )


def ordered_line(lines: list[PurchaseOrderLine], code: str) -> PurchaseOrderLine | None:
    """The line of an order that a code means: by SKU or barcode, else by the supplier's SKU."""
    variants = {one.pk for one in codes.variants_of(code)}
    found = [line for line in lines if line.variant_id in variants]
    if len(found) == 1:
        return found[0]
    theirs = [line for line in lines if line.supplier_sku.casefold() == code.casefold()]
    return theirs[0] if len(theirs) == 1 else None
