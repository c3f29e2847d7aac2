"""Another piece in the place of an order's line, at the price that was paid."""

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.queries.pictures import picture_of
from orders.models import OrderLine
from orders.queries import picture_for
from shop.lib.errors import Refused


class CannotReplace(Refused):
    """Raised when a line can't become another piece, or not this one."""


def fitting(*, line: OrderLine, sku: str) -> Variant:
    """The variant that may take the line's place. Raises CannotReplace."""
    if not can_be_replaced(line):
        raise CannotReplace(
            _("A part of this has left, or it is a bundle: cancel what is missing, or wait.")
        )
    rows = Variant.objects.select_related("product__type__tax_class")
    other = rows.filter(sku__iexact=sku.strip()).first()
    if other is None or not other.is_active:
        raise CannotReplace(_("There is no piece “%(sku)s” for sale.") % {"sku": sku[:64]})
    if other.pk == line.variant_id:
        raise CannotReplace(_("That is the piece that is missing."))
    if not is_single(other):
        raise CannotReplace(_("Only a single piece that is sent can take its place."))
    if other.product.type.tax_class.code not in tax_classes(line):
        raise CannotReplace(_("That piece is taxed in another way: cancel, and order it anew."))
    return other


def can_be_replaced(line: OrderLine) -> bool:
    """Whether all of the line can be another piece: a single one, of which nothing has left."""
    return bool(line.is_shipped and not line.fulfilled and line.variant_id) and not (
        line.parts.exists()
    )


def is_single(variant: Variant) -> bool:
    """One piece that is sent: no bundle, no file, no key."""
    return variant.product.type.is_shipped and not variant.uses_keys and not variant.parts.exists()


def paid_per_unit(line: OrderLine) -> Decimal:
    """As its market shows prices."""
    return (line.unit_price * line.quantity - line.discount) / line.quantity


def rename(*, line: OrderLine, other: Variant) -> None:
    """Let the line be the other piece. Price, tax and sums stay; what it costs us follows."""
    image = picture_for(other)
    line.variant = other
    line.sku = other.sku
    line.title = other.product.title
    line.variant_label = other.label
    line.image = picture_of(image).as_json() if image else None
    line.unit_cost = other.cost or Decimal(0)
    line.save(update_fields=["variant", "sku", "title", "variant_label", "image", "unit_cost"])


def tax_classes(line: OrderLine) -> set[str]:
    """How it was taxed."""
    return set(line.tax_lines.values_list("tax_class", flat=True))
