"""What is in a bundle."""

from dataclasses import dataclass

from catalog.models import BundlePart


@dataclass(frozen=True, slots=True)
class Content:
    """One kind of part, and how many of it are in the bundle."""

    title: str
    label: str
    quantity: int
    url: str


def contents_of(variant_id: int) -> tuple[Content, ...]:
    """The parts of a bundle in order; empty for anything else. One query."""
    parts = BundlePart.objects.filter(bundle=variant_id).select_related("part__product")
    return tuple(
        Content(
            title=part.part.product.title,
            label=part.part.label,
            quantity=part.quantity,
            url=f"{part.part.product.get_absolute_url()}?v={part.part.sku}",
        )
        for part in parts.order_by("position", "pk")
    )
