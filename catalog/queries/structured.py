"""Structured data (schema.org) as Python objects; templates write them out as JSON-LD."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from stdnum import ean

from catalog.models import Market, Product, Variant
from catalog.queries.cards import CardView
from catalog.queries.options import Choice, OptionRow, address
from catalog.queries.products import Reviews
from catalog.queries.seo import absolute, logo
from catalog.queries.shelves import Crumb
from catalog.queries.stock import Stock
from catalog.queries.unit_prices import UnitPrice, unit_price
from shop.lib.addresses import address_of
from shop.lib.money import round_money
from shop.lib.text import shortened, slugify

CONTEXT = "https://schema.org"
RETURN_DAYS = 30
LONGEST_TEXT = 400
AXES = {
    "color": {"glaze", "colour", "color", "farbe", "weave"},
    "size": {"size", "capacity", "diameter", "height", "length", "weight", "groesse", "grosse"},
    "material": {"material", "clay", "wood"},
    "pattern": {"pattern", "ruling", "motif"},
}
# UN/CEFACT's codes, by which schema.org names units.
UNIT_CODES = {
    Variant.Unit.GRAM: "GRM",
    Variant.Unit.KILOGRAM: "KGM",
    Variant.Unit.MILLILITRE: "MLT",
    Variant.Unit.LITRE: "LTR",
    Variant.Unit.CENTIMETRE: "CMT",
    Variant.Unit.METRE: "MTR",
    Variant.Unit.SQUARE_METRE: "MTK",
    Variant.Unit.PIECE: "C62",
}
# What other services take for the id of a group of variants.
LONGEST_GROUP = 50
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told about a product: its page, pictures, variants and delivery cost."""

    product: Product
    text: str
    market: Market
    url: str
    pictures: Sequence[str]
    options: Sequence[OptionRow]
    choices: Sequence[Choice]
    reviews: Reviews
    delivery_price: Decimal | None

    @cached_property
    def names(self) -> dict[int, str]:
        """Of all values of all options, by their ids."""
        return {value.pk: value.name for option in self.options for value in option.values}


def crumbs_ld(crumbs: Sequence[Crumb]) -> Json:
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(url)}
            for place, (name, url) in enumerate(crumbs, 1)
        ],
    }


def store_ld(market: Market) -> list[Json]:
    """Who sells here, and that the site can be searched."""
    shop, home = settings.SHOP, absolute(address_of("catalog:home"))
    store = {
        "@context": CONTEXT,
        "@type": "OnlineStore",
        "name": shop["name"],
        "legalName": shop["company"],
        "url": home,
        "logo": logo(),
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": "customer service",
            "email": shop["email"],
            "telephone": shop["phone"],
        },
        "hasMerchantReturnPolicy": return_policy(market),
    }
    found = absolute(address_of("catalog:search"))
    site = {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": shop["name"],
        "url": home,
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{found}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }
    return [store, site]


def shelf_ld(name: str, url: str, cards: Sequence[CardView], *, before: int = 0) -> Json:
    """A page that lists products. before: how many are on the pages in front of it."""
    return {
        "@context": CONTEXT,
        "@type": "CollectionPage",
        "name": name,
        "url": absolute(url),
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(cards),
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": place,
                    "name": card.title,
                    "url": absolute(card.url),
                }
                for place, card in enumerate(cards, before + 1)
            ],
        },
    }


def return_policy(market: Market) -> Json:
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": market.countries,
        "returnPolicyCategory": f"{CONTEXT}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
        "returnFees": f"{CONTEXT}/FreeReturn",
        "returnMethod": f"{CONTEXT}/ReturnByMail",
    }


def product_ld(told: Told) -> Json:
    """A Product, or a ProductGroup with its variants."""
    shared = {
        "name": told.product.title,
        "description": told.text,
        "image": [absolute(url) for url in told.pictures] or [logo()],
        "brand": {"@type": "Brand", "name": told.product.brand or settings.SHOP["name"]},
        **_ratings(told.reviews),
    }
    if len(told.choices) == 1:
        return {"@context": CONTEXT, **shared, **_variant(told, told.choices[0], first=True)}
    return {
        "@context": CONTEXT,
        "@type": "ProductGroup",
        **shared,
        "@id": "#group",
        "url": absolute(told.url),
        "productGroupID": group_id(told.product),
        "variesBy": [_axis(option.name) for option in told.options],
        "hasVariant": [
            {
                "name": f"{told.product.title}, {choice.label}",
                "image": shared["image"][0],
                "isVariantOf": {"@id": "#group"},
                **_variant(told, choice, first=choice is told.choices[0]),
            }
            for choice in told.choices
        ],
    }


def described(product: Product, words: str) -> str:
    """In plain words. words: of the product's own description."""
    return shortened(words or product.subtitle or product.title, LONGEST_TEXT)


def _variant(told: Told, choice: Choice, *, first: bool) -> Json:
    names = told.names
    axes = {
        axis.rpartition("/")[2]: names[choice.values[option.pk]]
        for option in told.options
        if option.pk in choice.values and (axis := _axis(option.name)).startswith(CONTEXT)
    }
    return {
        "@type": "Product",
        "sku": choice.sku,
        **({"gtin": choice.barcode} if _is_gtin(choice.barcode) else {}),
        **({"mpn": choice.mpn} if choice.mpn else {}),
        **axes,
        "offers": _offer(told, choice, first=first),
    }


def _is_gtin(barcode: str) -> bool:
    return bool(barcode) and ean.is_valid(barcode)


def _offer(told: Told, choice: Choice, *, first: bool) -> Json:
    currency = told.market.currency
    return {
        "@type": "Offer",
        "url": absolute(address(told.url, choice)),
        "price": str(round_money(choice.price, currency)),
        "priceCurrency": currency,
        **({"priceValidUntil": choice.until.date().isoformat()} if choice.until else {}),
        **_availability(choice.stock),
        "itemCondition": f"{CONTEXT}/NewCondition",
        **_prices(choice, currency),
        # Written out once; the other variants point to it.
        "hasMerchantReturnPolicy": {
            "@id": "#returns",
            **(return_policy(told.market) if first else {}),
        },
        **_delivery(told, first=first),
    }


def _availability(stock: Stock) -> Json:
    """Whether it can be had, and from which day on it is sent when none is there."""
    if stock.starts_on:
        kind = "PreOrder" if stock.is_preorder else "BackOrder"
        starts = stock.starts_on.isoformat()
        return {"availability": f"{CONTEXT}/{kind}", "availabilityStarts": starts}
    return {"availability": f"{CONTEXT}/{'InStock' if stock.sellable else 'OutOfStock'}"}


def _prices(choice: Choice, currency: str) -> Json:
    """What the price is measured by and what it was; nothing for a price that says it all."""
    per = unit_price(
        choice.price, content=choice.content, unit=choice.content_unit, currency=currency
    )
    if per is None and choice.was is None:
        return {}
    found = [{**_price(choice.price, currency), **_reference(per)}]
    if choice.was is not None:
        kind = f"{CONTEXT}/StrikethroughPrice"
        found.append({**_price(choice.was, currency), "priceType": kind})
    if choice.was is not None and choice.prior is not None:
        kind, name = f"{CONTEXT}/RegularPrice", _("Lowest price of the 30 days before")
        found.append({**_price(choice.prior, currency), "priceType": kind, "name": name})
    return {"priceSpecification": found}


def _price(amount: Decimal, currency: str) -> Json:
    price = str(round_money(amount, currency))
    return {"@type": "UnitPriceSpecification", "price": price, "priceCurrency": currency}


def _reference(per: UnitPrice | None) -> Json:
    """What a pack holds, and how much of it unit prices are told for."""
    if per is None:
        return {}
    held = _quantity(per.content, per.content_unit)
    return {
        "referenceQuantity": {**held, "valueReference": _quantity(Decimal(per.reference), per.unit)}
    }


def _quantity(amount: Decimal, unit: str) -> Json:
    value = f"{amount.normalize():f}"
    return {
        "@type": "QuantitativeValue",
        "value": value,
        "unitCode": UNIT_CODES[Variant.Unit(unit)],
    }


def _delivery(told: Told, *, first: bool) -> Json:
    if told.delivery_price is None:
        return {}
    currency = told.market.currency
    details = {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": str(round_money(told.delivery_price, currency)),
            "currency": currency,
        },
        "shippingDestination": {
            "@type": "DefinedRegion",
            "addressCountry": told.market.home_country,
        },
    }
    return {"shippingDetails": {"@id": "#delivery", **(details if first else {})}}


def _ratings(reviews: Reviews) -> Json:
    if not reviews.count or reviews.average is None:
        return {}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": f"{reviews.average:.1f}",
            "reviewCount": reviews.count,
        },
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": one.author},
                "reviewRating": {"@type": "Rating", "ratingValue": one.stars},
                "datePublished": one.date.isoformat(),
                "reviewBody": one.text,
            }
            for one in reviews.items[:3]
        ],
    }


@lru_cache(maxsize=256)
def axis_of(option: str) -> str:
    """ "color", "size", "material" or "pattern", where an option is one of these; else empty."""
    key = slugify(option)
    return next((axis for axis, names in AXES.items() if key in names), "")


def group_id(product: Product) -> str:
    """What the variants of a product are grouped by, on its page and in feeds."""
    return product.slug if len(product.slug) <= LONGEST_GROUP else f"p-{product.pk}"


def _axis(option: str) -> str:
    """What schema.org calls an option, where it has a word for it."""
    axis = axis_of(option)
    return f"{CONTEXT}/{axis}" if axis else option
