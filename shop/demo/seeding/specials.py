"""Goods that are more than a piece on a shelf: a bundle, extras, half dozens, a file, keys."""

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from catalog.models import (
    DigitalFile,
    Extra,
    ExtraPrice,
    Image,
    Market,
    Price,
    Product,
    ProductType,
    Variant,
)
from catalog.services import bundles
from inventory.services import keys
from shop.demo.seeding import pictures

TEA_FOR_TWO = {"MW-THD-100": 1, "MW-STC-ASH-1": 1, "MW-STC-MOS-1": 1}
KEYS = 40
# Slug of a product: what can be added to it, with its surcharges by currency.
EXTRAS: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    (
        "foot-ring-mug",
        {
            "name": "Stamped initials",
            "kind": Extra.Kind.TEXT,
            "max_length": 3,
            "help_text": "Pressed into the foot ring before glazing.",
        },
        {"GBP": "4.00", "EUR": "5.00"},
    ),
    (
        "foot-ring-mug",
        {
            "name": "Gift wrap",
            "kind": Extra.Kind.CHOICE,
            "choices": "Kraft paper\nLinen cloth",
            "position": 1,
        },
        {"GBP": "3.50", "EUR": "4.00"},
    ),
    (
        "wall-calendar",
        {
            "name": "Your picture on the cover",
            "kind": Extra.Kind.FILE,
            "help_text": "We print it in one colour.",
        },
        {"GBP": "6.00", "EUR": "7.50"},
    ),
)
# Slug of the product whose family it joins: what is new, its SKU and prices by currency.
ONLINE: tuple[tuple[str, dict[str, Any], str, dict[str, str]], ...] = (
    (
        "weaving-day",
        {
            "slug": "runner-weaving-draft",
            "title": "Draft for a table runner",
            "subtitle": "Four pages to weave from, as a PDF",
            "description": "<p>Threading, tie-up and treadling for our striped runner, with the"
            " yarns we use and what to do when a thread breaks.</p>",
        },
        "MW-DRAFT-RUN",
        {"GBP": "9.00", "EUR": "11.00"},
    ),
    (
        "throwing-evening",
        {
            "slug": "throwing-films",
            "title": "Throwing, the films",
            "subtitle": "Six films of centring and pulling, opened with a key",
            "description": "<p>What we show on a throwing evening, filmed from above. A key opens"
            " all six films for one household, for as long as we show them.</p>",
        },
        "MW-FILMS-THROW",
        {"GBP": "24.00", "EUR": "29.00"},
    ),
)


def fill(*, now: dt.datetime) -> None:
    """Make some of the demo catalogue special. It must be there."""
    markets = list(Market.objects.in_order())
    _tea_for_two()
    pots = Product.objects.get(slug="seedling-pot")
    Variant.objects.filter(product=pots).update(min_quantity=6, quantity_step=6)
    for slug, fields, amounts in EXTRAS:
        extra = Extra.objects.create(product=Product.objects.get(slug=slug), **fields)
        ExtraPrice.objects.bulk_create(
            ExtraPrice(extra=extra, market=market, amount=Decimal(amounts[market.currency]))
            for market in markets
            if market.currency in amounts
        )
    draft, films = (_online(*one, markets=markets, now=now) for one in ONLINE)
    DigitalFile.objects.create(
        variant=draft,
        name="Table runner, weaving draft",
        file=ContentFile(_pdf("Table runner, weaving draft"), "runner.pdf"),
    )
    Variant.objects.filter(pk=films.pk).update(uses_keys=True)
    codes = ["-".join(("MW", secrets.token_hex(3), secrets.token_hex(3))) for _ in range(KEYS)]
    keys.add(variant=films, codes=[code.upper() for code in codes], now=now)
    pictures.owe_copies(now=now)


def _tea_for_two() -> None:
    variants = dict(Variant.objects.filter(sku__in=TEA_FOR_TWO).values_list("sku", "pk"))
    parts = {variants[sku]: units for sku, units in TEA_FOR_TWO.items()}
    bundles.put_together(bundle=Variant.objects.get(sku="MW-TF2"), parts=parts)


def _online(
    beside: str,
    fields: dict[str, Any],
    sku: str,
    amounts: dict[str, str],
    *,
    markets: list[Market],
    now: dt.datetime,
) -> Variant:
    """A product without a parcel, on the shelf and with the picture of another."""
    other = Product.objects.select_related("type").get(slug=beside)
    kind, _created = ProductType.objects.get_or_create(
        code="online",
        defaults={"name": "Online", "is_shipped": False, "tax_class": other.type.tax_class},
    )
    product = Product.objects.create(
        **fields,
        type=kind,
        category=other.category,
        brand=other.brand,
        tags=["digital"],
        status=Product.Status.ACTIVE,
        published_at=now - dt.timedelta(days=30),
        popularity=20,
    )
    if picture := Image.objects.filter(product=other).order_by("position", "pk").first():
        picture.pk, picture.product, picture.value = None, product, None
        picture.save(force_insert=True)
    variant = Variant.objects.create(product=product, sku=sku)
    Price.objects.bulk_create(
        Price(variant=variant, market=market, amount=Decimal(amounts[market.currency]))
        for market in markets
        if market.currency in amounts
    )
    return variant


def _pdf(title: str) -> bytes:
    """A page with a line of words on it, in the fewest objects a PDF can have."""
    words = f"BT /F1 20 Tf 72 760 Td ({title}) Tj ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    page, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(page))
        page += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return page + head + table + tail % (len(objects) + 1, len(page))
