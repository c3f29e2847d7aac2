"""From whom the demo shop buys what, and where it lies in its store."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from catalog.models import Variant
from inventory.models import (
    Bin,
    BinItem,
    Location,
    PriceBreak,
    StockItem,
    Supplier,
    SupplierContact,
    SupplierOffer,
)
from inventory.services.stock import default_location
from shop.demo.seeding.places import read

BINS_IN_A_ROW = 20
# What a second supplier asks more, and a large order less.
DEARER = Decimal("1.12")
# Pounds for one of the supplier's currency.
RATES = {"GBP": Decimal(1), "EUR": Decimal("0.85")}
LARGE, LARGE_SHARE = 48, Decimal("0.93")
FULL = ("code", "name", "email", "phone", "line1", "city", "postcode", "country", "currency")
TERMS = ("lead_days", "payment_days", "minimum", "terms")


def fill() -> None:
    """Write suppliers with their offers, the shop's counter and the bins of its store."""
    data = read("suppliers.toml")
    for one in data["suppliers"]:
        supplier = Supplier.objects.create(**{k: one[k] for k in (*FULL, *TERMS) if k in one})
        SupplierContact.objects.bulk_create(
            SupplierContact(supplier=supplier, **person) for person in one.get("contacts", ())
        )
        _offers(supplier, one)
    _second_source()
    store = default_location()
    store.country, store.postcode, store.city = "GB", "LA9 4DL", "Kendal"
    store.save(update_fields=["country", "postcode", "city"])
    Location.objects.get_or_create(code=data["counter"]["code"], defaults=data["counter"])
    for row, shelves in data["bins"].items():
        _bins(store, row, shelves)


def on_shelves(names: list[str]) -> QuerySet[Variant]:
    """Variants of all products under these categories that travel in a parcel."""
    rows = Variant.objects.filter(
        product__category__url_path__regex=rf"^({'|'.join(names)})(/|$)",
        product__type__is_shipped=True,
        is_active=True,
        parts=None,
    )
    return rows.select_related("product").order_by("pk")


def _offers(supplier: Supplier, data: dict[str, Any]) -> None:
    rate = RATES[supplier.currency]
    offers = [
        SupplierOffer(
            supplier=supplier,
            variant=variant,
            supplier_sku=f"{data['prefix']}-{variant.pk:05d}",
            cost=_cents((variant.cost or Decimal(4)) / rate),
            pack_size=data["pack_size"],
            minimum=data["minimum_units"],
            is_preferred=True,
        )
        for variant in on_shelves(data["shelves"])
    ]
    SupplierOffer.objects.bulk_create(offers)
    PriceBreak.objects.bulk_create(
        PriceBreak(offer=offer, from_units=LARGE, cost=_cents(offer.cost * LARGE_SHARE))
        for offer in offers
        if offer.pk % 3 == 0
    )


def _second_source() -> None:
    """Some pieces can be had elsewhere, dearer and sooner."""
    other = Supplier.objects.get(code="olaria-norte")
    rows = SupplierOffer.objects.filter(supplier__code="penrith").order_by("pk")
    SupplierOffer.objects.bulk_create(
        SupplierOffer(
            supplier=other,
            variant_id=one.variant_id,
            supplier_sku=f"ON-{one.variant_id:05d}",
            cost=_cents(one.cost * DEARER / RATES["EUR"]),
            pack_size=1,
            lead_days=8,
        )
        for one in rows
        if one.pk % 5 == 0
    )


def _bins(store: Location, row: str, shelves: list[str]) -> None:
    bins = Bin.objects.bulk_create(
        Bin(location=store, code=f"{row}-{place:02d}", position=ord(row) * 100 + place)
        for place in range(1, BINS_IN_A_ROW + 1)
    )
    variants = on_shelves(shelves).values("pk")
    items = list(StockItem.objects.filter(location=store, variant__in=variants).order_by("pk"))
    BinItem.objects.bulk_create(
        BinItem(bin=bins[number * BINS_IN_A_ROW // len(items)], stock_item=item)
        for number, item in enumerate(items)
    )


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
