"""How parcels leave and come back: carriers, boxes, sizes, pickup points, the return policy."""

from decimal import Decimal
from typing import Any

from catalog.models import Category, Collection, CollectionEntry, Product, Variant
from inventory.models import Location
from orders.models import ReturnReason, ReturnRule
from shipping.models import Box, Carrier, Method, PickupPoint, Restriction, Zone
from shop.demo.seeding.places import read

Data = dict[str, Any]
OPEN = "Mon–Fri 9:00–17:00"
PAID = "Duties and VAT are in our prices: nothing is to be paid at the door."
# What is cut for one buyer alone is kept together, so that a rule can name it.
CUT = "cut-to-length"


def fill() -> None:
    """Write what is missing; what is there stays as somebody may have changed it."""
    data = read("posting.toml")
    for one in data["carriers"]:
        _carrier(one)
    for one in data["boxes"]:
        _box(one)
    for one in data["points"]:
        _point(one)
    Location.objects.filter(code="studio").update(offers_collection=True, opening_hours=OPEN)
    Zone.objects.filter(name="European Union").update(needs_customs=True, duties_note=PAID)
    for one in data["restrictions"]:
        _restriction(one)
    _measure(data["sizes"])
    _policy(data)


def _carrier(data: Data) -> None:
    methods = data.pop("methods")
    data["parcel_cost"] = Decimal(data["parcel_cost"])
    carrier, _new = Carrier.objects.get_or_create(code=data.pop("code"), defaults=data)
    Method.objects.filter(code__in=methods, provider=None).update(provider=carrier)


def _box(data: Data) -> None:
    length, width, height = data["size"]
    Box.objects.get_or_create(
        name=data["name"],
        defaults={
            "length_mm": length,
            "width_mm": width,
            "height_mm": height,
            "tare_grams": data["tare"],
            "max_grams": data["holds"],
            "is_padded": data.get("padded", False),
            "cost": Decimal(data["cost"]),
        },
    )


def _point(data: Data) -> None:
    carrier = Carrier.objects.get(code=data.pop("carrier"))
    PickupPoint.objects.get_or_create(
        carrier=carrier, code=data.pop("code"), defaults={**data, "country": "GB"}
    )


def _restriction(data: Data) -> None:
    categories = Category.objects.filter(url_path__in=data.pop("categories"))
    rule, is_new = Restriction.objects.get_or_create(name=data.pop("name"), defaults=data)
    if is_new:
        rule.categories.set(categories)


def _measure(sizes: list[Data]) -> None:
    """Give every piece that has none a packed size, by its weight."""
    for one in sizes:
        found = Variant.objects.filter(
            product__category__url_path__startswith=one["category"], length_mm=0, grams__gt=0
        )
        measured = [_measured(variant, one) for variant in found]
        Variant.objects.bulk_update(
            measured, ["length_mm", "width_mm", "height_mm", "is_fragile"], batch_size=500
        )


def _measured(variant: Variant, like: Data) -> Variant:
    scale = (variant.grams / like["grams"]) ** (1 / 3)
    sides = [max(10, round(side * scale)) for side in like["size"]]
    variant.length_mm, variant.width_mm, variant.height_mm = sides
    variant.is_fragile = like.get("fragile", False)
    return variant


def _policy(data: Data) -> None:
    if ReturnRule.objects.exists():
        return
    ReturnReason.objects.bulk_create(
        ReturnReason(
            code=one["code"],
            label=one["label"],
            is_our_fault=one.get("ours", False),
            wants_photo=one.get("photo", False),
            position=position,
        )
        for position, one in enumerate(data["reasons"])
    )
    for position, one in enumerate(data["rules"]):
        _rule(one, position)


def _rule(data: Data, position: int) -> None:
    rule = ReturnRule.objects.create(
        name=data["name"],
        position=position,
        countries=data.get("countries", []),
        window_days=data.get("days", 30),
        is_final_sale=data.get("final", False),
        exempt=data.get("exempt", ""),
        pays_return=data.get("pays", ReturnRule.Pays.CUSTOMER),
        approve_below=_amount(data, "approve_below"),
        keep_below=_amount(data, "keep_below"),
    )
    rule.categories.set(Category.objects.filter(url_path__in=data.get("categories", [])))
    if products := data.get("products"):
        rule.collections.add(_cut(products))


def _cut(slugs: list[str]) -> Collection:
    shelf, _new = Collection.objects.get_or_create(
        slug=CUT, defaults={"title": "Cut to length", "is_active": False}
    )
    for product in Product.objects.filter(slug__in=slugs):
        CollectionEntry.objects.get_or_create(collection=shelf, product=product)
    return shelf


def _amount(data: Data, name: str) -> Decimal | None:
    return Decimal(data[name]) if name in data else None
