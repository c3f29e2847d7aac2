"""How complete a product's data is: a score from 0 to 100, and what is missing."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Image, Market, Price, Product, Variant
from catalog.queries.attributes import unanswered
from catalog.queries.safety import missing_for
from shop.lib.html import plain_text

ENOUGH_LETTERS = 200
GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Part:
    """A variant that is for sale, as far as its completeness goes."""

    barcode: str
    grams: int
    hs_code: str
    origin: str


@dataclass(slots=True, kw_only=True)
class Facts:
    """What is known of a product. unpriced: markets in which a variant of it has no price."""

    product: Product
    alts: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    open_answers: int = 0
    unpriced: int = 0
    unsafe: int = 0
    sold_in_eu: bool = False

    @property
    def is_shipped(self) -> bool:
        return self.product.type.is_shipped


@dataclass(frozen=True, slots=True)
class Check:
    """Something shoppers, marketplaces or the customs want to know.

    anchor: id of the place in the product's form where it is put right. asked: of which products.
    """

    code: str
    weight: int
    label: Promise | str
    anchor: str
    passes: Callable[[Facts], bool]
    asked: Callable[[Facts], bool] = lambda _facts: True


def _of_all(facts: Facts, has: Callable[[Part], object]) -> bool:
    return bool(facts.parts) and all(has(part) for part in facts.parts)


def _is_shipped(facts: Facts) -> bool:
    return facts.is_shipped


CHECKS = (
    Check("image", 15, _("No picture"), "images-group", lambda f: bool(f.alts)),
    Check(
        "alt", 8, _("A picture without alternative text"), "images-group",
        lambda f: bool(f.alts) and all(alt.strip() for alt in f.alts),
    ),
    Check(
        "gtin", 8, _("A variant without a barcode (GTIN)"), "variants-group",
        lambda f: _of_all(f, lambda part: len(part.barcode) in GTIN_LENGTHS), _is_shipped,
    ),
    Check(
        "weight", 8, _("A variant without a weight"), "variants-group",
        lambda f: _of_all(f, lambda part: part.grams), _is_shipped,
    ),
    Check(
        "hs_code", 6, _("A variant without a customs code"), "variants-group",
        lambda f: _of_all(f, lambda part: part.hs_code), _is_shipped,
    ),
    Check(
        "origin", 4, _("A variant without a country of origin"), "variants-group",
        lambda f: _of_all(f, lambda part: part.origin), _is_shipped,
    ),
    Check(
        "description", 12, _("The description has fewer than 200 letters"), "id_description",
        lambda f: len(plain_text(f.product.description)) >= ENOUGH_LETTERS,
    ),
    Check(
        "meta_title", 4, _("No SEO title"), "id_meta_title",
        lambda f: bool(f.product.meta_title),
    ),
    Check(
        "meta_description", 4, _("No SEO description"), "id_meta_description",
        lambda f: bool(f.product.meta_description),
    ),
    Check(
        "attributes", 12, _("An attribute its type needs is not answered"), "attributes",
        lambda f: not f.open_answers,
    ),
    Check(
        "category", 8, _("In no category"), "id_category",
        lambda f: f.product.category_id is not None,
    ),
    Check(
        "price", 12, _("A variant without a price in a market"), "variants-group",
        lambda f: bool(f.parts) and not f.unpriced,
    ),
    Check(
        "safety", 10, _("The product safety block is not complete"), "id_manufacturer",
        lambda f: not f.unsafe, lambda f: f.is_shipped and f.sold_in_eu,
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Check] = {check.code: check for check in CHECKS}


def score(facts: Facts) -> tuple[int, list[str]]:
    """Per cent of what is asked of such a product, by weight; and the codes of what is missing."""
    asked = [check for check in CHECKS if check.asked(facts)]
    gaps = [check for check in asked if not check.passes(facts)]
    whole, lost = sum(one.weight for one in asked), sum(one.weight for one in gaps)
    return (whole - lost) * 100 // whole, [one.code for one in gaps]


def gaps_of(product: Product) -> list[Check]:
    """What is missing, the weightiest first; codes that are not checked any more are left out."""
    found = [BY_CODE[code] for code in product.gaps if code in BY_CODE]
    return sorted(found, key=lambda check: -check.weight)


@transaction.atomic
def refresh(*, product_ids: Collection[int]) -> int:
    """Score these products anew. Returns how many changed. At most ten queries for all of them."""
    changed = []
    for facts in _gather(product_ids):
        product, found = facts.product, score(facts)
        if (product.completeness, product.gaps) != found:
            product.completeness, product.gaps = found
            changed.append(product)
    Product.objects.bulk_update(changed, ["completeness", "gaps"], batch_size=500)
    return len(changed)


def _gather(product_ids: Collection[int]) -> list[Facts]:
    markets = list(Market.objects.in_order())
    products = Product.objects.filter(pk__in=product_ids).select_related(
        "type", "manufacturer", "responsible"
    )
    found = {product.pk: Facts(product=product) for product in products.order_by("pk")}
    variants = _add_parts(found)
    _add_prices(found, variants, markets)
    images = Image.objects.filter(product__in=found).exclude(file="", source_url="")
    for product_id, alt in images.values_list("product_id", "alt"):
        found[product_id].alts.append(alt)
    for product_id, gaps in unanswered(found.keys()).items():
        found[product_id].open_answers = len(gaps)
    return list(found.values())


def _add_parts(found: Mapping[int, Facts]) -> dict[int, int]:
    """Add the variants. Returns the product of each."""
    rows = Variant.objects.filter(product__in=found, is_active=True)
    columns = ("pk", "product_id", "barcode", "grams", "hs_code", "origin")
    variants = {}
    for pk, product_id, *facts in rows.values_list(*columns):
        variants[pk] = product_id
        found[product_id].parts.append(Part(*facts))
    return variants


def _add_prices(
    found: Mapping[int, Facts], variants: Mapping[int, int], markets: Sequence[Market]
) -> None:
    """Add where a price is missing, and what the safety block of the EU markets lacks."""
    rows = Price.objects.filter(variant__product__in=found).values_list("variant_id", "market_id")
    priced: dict[int, set[int]] = defaultdict(set)
    for variant_id, market_id in rows:
        priced[variant_id].add(market_id)
    for variant_id, product_id in variants.items():
        found[product_id].unpriced += len({one.pk for one in markets} - priced[variant_id])
    for facts in found.values():
        for market in (one for one in markets if one.is_in_eu):
            facts.sold_in_eu = True
            facts.unsafe += len(missing_for(facts.product, market))
