"""Rows into products: found by their name in the other shop, or made."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.services.imports import shelves
from catalog.services.imports.batch import Batch, Outcome, assign
from catalog.services.imports.rows import ProductRow
from shop.lib.pouring import pour

# Off and on, as a file says it.
PUBLISHING = (Product.Status.DRAFT, Product.Status.ACTIVE)


def find(batch: Batch) -> None:
    """Load the products these rows speak of."""
    refs = [row.ref for row in batch.rows]
    source = batch.target.source
    known = Product.objects.select_related("type")
    if source:
        found = known.filter(source=source, source_ref__in=refs)
        batch.products = {product.source_ref: product for product in found}
    else:
        batch.products = {product.slug: product for product in known.filter(slug__in=refs)}


def leave_out_unusable(batch: Batch) -> None:
    """Drop rows of new products that have no title or nothing to sell."""
    kept = []
    for row in batch.rows:
        is_new = row.ref not in batch.products
        if is_new and row.is_addition:
            batch.notes.error(row.line, _("The first line of a product needs a title."))
        elif is_new and not row.waits_for_variants and not _has_variant(row, batch):
            batch.notes.error(
                row.line, _("“%(ref)s” was left out: no line of it can be sold.") % {"ref": row.ref}
            )
        else:
            kept.append(row)
    batch.rows = kept


def _has_variant(row: ProductRow, batch: Batch) -> bool:
    return any(line.line in batch.variants for line in row.variants)


def write(batch: Batch) -> None:
    """Create and update products."""
    chosen = shelves.load(batch)
    slugs = _free_slugs(batch)
    new, changed, names = [], [], set[str]()
    for row in batch.rows:
        product = batch.products.get(row.ref)
        if product is None:
            product = _new(row, batch, chosen, slugs[row.ref])
            batch.products[row.ref] = product
            batch.outcomes[row.ref] = Outcome.CREATED
            new.append(product)
        elif news := assign(product, _fields(row, product, batch, chosen)):
            changed.append(product)
            names |= news
            batch.touched(row.ref)
        batch.outcomes.setdefault(row.ref, Outcome.SKIPPED)
    pour(new)
    if names:
        Product.objects.bulk_update(changed, sorted(names))


def _new(row: ProductRow, batch: Batch, chosen: shelves.Shelves, slug: str) -> Product:
    source = batch.target.source
    product = Product(slug=slug, source=source, source_ref=row.ref if source else "")
    product.type = chosen.type_of(row.type)
    product.category = chosen.category_of(row.category) or batch.target.category
    assign(product, row.fields)
    if row.is_published:
        product.status = Product.Status.ACTIVE
    _date(product, batch)
    return product


def _fields(
    row: ProductRow, product: Product, batch: Batch, chosen: shelves.Shelves
) -> dict[str, Any]:
    """What the file says of a product that is here already."""
    fields = dict(row.fields)
    if row.type.name:
        kind = chosen.type_of(row.type)
        if kind.pk != product.type_id:
            fields["type"] = kind
    category = chosen.category_of(row.category)
    if category is not None and category.pk != product.category_id:
        fields["category"] = category
    # What staff archive or let run out stays so; a file only publishes and takes back.
    if row.is_published is not None and product.status in PUBLISHING:
        fields["status"] = PUBLISHING[row.is_published]
    status = fields.get("status", product.status)
    if status in Product.SOLD and product.published_at is None:
        fields.setdefault("published_at", batch.target.now)
    return fields


def _date(product: Product, batch: Batch) -> None:
    if product.status in Product.SOLD and product.published_at is None:
        product.published_at = batch.target.now


def _free_slugs(batch: Batch) -> dict[str, str]:
    """An address for each new product: its own, or the next free one with a number."""
    new = [row for row in batch.rows if row.ref not in batch.products]
    slugs: dict[str, str] = {}
    taken = _taken([row.slug for row in new])
    for row in new:
        slug, number = row.slug, 1
        while slug in taken:
            number += 1
            slug = f"{row.slug}-{number}"
            taken |= _taken([slug])
        taken.add(slug)
        slugs[row.ref] = slug
    return slugs


def _taken(slugs: Sequence[str]) -> set[str]:
    return set(Product.objects.filter(slug__in=slugs).values_list("slug", flat=True))
