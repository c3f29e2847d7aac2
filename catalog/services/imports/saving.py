"""A batch of rows into the catalogue: the same rows a second time change nothing."""

from collections.abc import Sequence

from catalog.models import Product
from catalog.services.imports import matching, pictures, products, variants
from catalog.services.imports.batch import Batch, Target
from catalog.services.imports.rows import ProductRow


def save(*, rows: Sequence[ProductRow], target: Target) -> Batch:
    """Save rows in the caller's transaction; what a row can't do is noted, the others go in."""
    batch = Batch(list(rows), target)
    products.find(batch)
    matching.match(batch)
    products.leave_out_unusable(batch)
    products.write(batch)
    variants.write(batch)
    pictures.write(batch)
    Product.objects.filter(pk__in=batch.changed_products()).update(updated_at=target.now)
    return batch
