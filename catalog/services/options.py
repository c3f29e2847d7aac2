"""Options of a product, their values, and the variants that the values span."""

from collections.abc import Iterable, Sequence
from itertools import product as combinations

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Option, OptionValue, Price, Product, Variant
from catalog.services import skus
from shop.lib.errors import Refused

MOST_VARIANTS = 200
COPIED = (
    *("grams", "origin", "hs_code", "cost", "content", "content_unit"),
    *("min_quantity", "quantity_step", "max_quantity", "uses_keys"),
)

Combination = tuple[OptionValue, ...]


class ValueInUse(Refused):
    """Raised when a value is to go while variants still have it."""


class TooManyVariants(Refused):
    """Raised when the values span more variants than anybody wants on a page."""


def used_values(option: Option, *, without: Sequence[str]) -> list[str]:
    """Names of the option's values that variants have and that `without` leaves out."""
    gone = option.values.exclude(name__in=without).filter(variants__isnull=False)
    return list(gone.order_by("position", "pk").values_list("name", flat=True).distinct())


@transaction.atomic
def set_values(*, option: Option, names: Sequence[str]) -> None:
    """Give an option these values in this order. Raises ValueInUse; renaming is done elsewhere."""
    if used := used_values(option, without=names):
        raise ValueInUse(_("Variants still have: %(names)s.") % {"names": ", ".join(used)})
    option.values.exclude(name__in=names).delete()
    for position, name in enumerate(names):
        OptionValue.objects.update_or_create(
            option=option, name=name, defaults={"position": position}
        )


def label_of(values: Iterable[OptionValue]) -> str:
    """How people read a variant: its values in the order of the options."""
    ordered = sorted(values, key=lambda value: (value.option.position, value.option_id))
    return ", ".join(value.name for value in ordered)[:255]


@transaction.atomic
def relabel(*, product: Product) -> None:
    """Write the labels of all variants again, after an option or a value was renamed or moved."""
    variants = list(product.variants.prefetch_related("values__option"))
    fresh = {variant.pk: label_of(variant.values.all()) for variant in variants}
    changed = [one for one in variants if fresh[one.pk] and one.label != fresh[one.pk]]
    # By way of a name nobody has, so that two variants can swap theirs.
    for variant in changed:
        variant.label = f"#{variant.pk}"
    Variant.objects.bulk_update(changed, ["label"])
    for variant in changed:
        variant.label = fresh[variant.pk]
    Variant.objects.bulk_update(changed, ["label"])


def missing(*, product: Product) -> list[Combination]:
    """The combinations of values that no variant stands for yet."""
    options = product.options.order_by("position", "pk").prefetch_related("values")
    axes = [
        sorted(option.values.all(), key=lambda value: (value.position, value.pk))
        for option in options
    ]
    if not axes:
        return []
    taken = {
        frozenset(value.pk for value in variant.values.all())
        for variant in product.variants.prefetch_related("values")
    }
    return [
        chosen
        for chosen in combinations(*axes)
        if frozenset(value.pk for value in chosen) not in taken
    ]


@transaction.atomic
def make_missing(*, product: Product) -> list[Variant]:
    """Make a variant for every combination without one, after the pattern of the first variant.

    Raises TooManyVariants.
    """
    wanted = missing(product=product)
    if len(wanted) + product.variants.count() > MOST_VARIANTS:
        raise TooManyVariants(
            _("That would be more than %(count)s variants.") % {"count": MOST_VARIANTS}
        )
    pattern = product.variants.order_by("position", "pk").first()
    start = product.variants.count()
    return [
        _make(product, pattern, values, position)
        for position, values in enumerate(wanted, start=start)
    ]


def _make(product: Product, pattern: Variant | None, values: Combination, position: int) -> Variant:
    variant = Variant.objects.create(
        product=product,
        sku=skus.free_sku(product, values, number=position + 1),
        label=label_of(values),
        position=position,
        **({name: getattr(pattern, name) for name in COPIED} if pattern else {}),
    )
    variant.values.set(values)
    if pattern:
        Price.objects.bulk_create(
            Price(
                variant=variant,
                market_id=price.market_id,
                amount=price.amount,
                compare_at=price.compare_at,
                is_fixed=price.is_fixed,
            )
            for price in pattern.prices.all()
        )
    return variant
