"""Which rows are which variants: by SKU, then by what was chosen. Blank SKUs get one."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from catalog.models import Variant
from catalog.services.imports.batch import Batch
from catalog.services.imports.cells import MAX_SKU, BadCell
from catalog.services.imports.rows import ProductRow, VariantRow
from shop.lib.text import slugify


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose a SKU is: a variant's primary key (None: one of this file), and of what product."""

    variant_id: int | None
    title: str


def match(batch: Batch) -> None:
    """Fill batch.variants: line number to variant, found or new (unsaved). The rest are errors."""
    existing, owners = _load(batch)
    for row in batch.rows:
        product = batch.products.get(row.ref)
        family = _Family(row, existing[product.pk] if product else [], owners)
        for line in row.variants:
            try:
                batch.variants[line.line] = family.claim(line)
            except BadCell as refusal:
                batch.notes.error(line.line, refusal.message)
                continue
            if not line.sku:
                batch.notes.tally(
                    line.line, _("No SKU: it goes by one made of its name and values.")
                )


def _load(batch: Batch) -> tuple[dict[int, list[Variant]], dict[str, _Owner]]:
    """Each product's variants, and the owners of the SKUs (upper case) the rows name."""
    existing: dict[int, list[Variant]] = defaultdict(list)
    ids = [product.pk for product in batch.products.values()]
    for variant in Variant.objects.filter(product__in=ids).order_by("position", "pk"):
        existing[variant.product_id].append(variant)
    wanted = {
        sku.upper() for row in batch.rows for line in row.variants for sku in _skus(line, row)
    }
    owning = (
        Variant.objects.annotate(upper=Upper("sku"))
        .filter(upper__in=wanted)
        .values_list("upper", "pk", "product__title")
    )
    return existing, {sku: _Owner(pk, title) for sku, pk, title in owning}


def _skus(line: VariantRow, row: ProductRow) -> list[str]:
    return [line.sku] if line.sku else generated(line, row)


def generated(line: VariantRow, row: ProductRow) -> list[str]:
    """What a blank SKU becomes: handle and values, or those with a mark when that is taken."""
    words = slugify(" ".join([row.slug, *(choice.value for choice in line.choices)]), limit=200)
    plain = (words or row.slug).upper()
    mark = sha256(f"{row.ref}\n{line.label.casefold()}".encode()).hexdigest()[:6].upper()
    marked = f"{plain[: MAX_SKU - 7].rstrip('-')}-{mark}"
    return [plain, marked] if len(plain) <= MAX_SKU else [marked]


class _Family:
    """The variants of one product while its lines look for theirs."""

    def __init__(self, row: ProductRow, existing: list[Variant], owners: dict[str, _Owner]) -> None:
        self.row = row
        self.owners = owners
        self.by_sku = {variant.sku.upper(): variant for variant in existing}
        self.by_label = {variant.label.casefold(): variant for variant in existing}
        self.next_position = max((variant.position for variant in existing), default=-1) + 1
        self.lines: dict[str, int] = {}

    def claim(self, line: VariantRow) -> Variant:
        """Find or make the variant of a line. Raises BadCell when something stands against it."""
        label = line.label.casefold()
        if first := self.lines.get(label):
            raise BadCell(self._repeated(line, first))
        variant = self._found(line, label)
        self._check_owner(line, variant)
        if variant is None:
            variant = self._new(line)
        self.lines[label] = line.line
        return variant

    def _repeated(self, line: VariantRow, first: int) -> str:
        if not line.choices:
            return _("Line %(line)s is this product already, and no option tells them apart.") % {
                "line": first
            }
        return _("The choice “%(label)s” is already in line %(line)s.") % {
            "label": line.label,
            "line": first,
        }

    def _found(self, line: VariantRow, label: str) -> Variant | None:
        named = self.by_sku.get(line.sku.upper()) if line.sku else None
        alike = self.by_label.get(label)
        if named and alike and named is not alike:
            raise BadCell(
                _("The choice “%(label)s” belongs to the SKU %(sku)s here.")
                % {"label": line.label, "sku": alike.sku}
            )
        return named or alike

    def _check_owner(self, line: VariantRow, variant: Variant | None) -> None:
        owner = self.owners.get(line.sku.upper()) if line.sku else None
        if owner and (variant is None or owner.variant_id != variant.pk):
            raise BadCell(
                _("The SKU %(sku)s belongs to “%(title)s” already.")
                % {"sku": line.sku, "title": owner.title}
            )

    def _new(self, line: VariantRow) -> Variant:
        free = [sku for sku in _skus(line, self.row) if sku.upper() not in self.owners]
        if not free:
            raise BadCell(_("There is no SKU, and the one we would make is taken."))
        title = self.row.fields.get("title", self.row.ref)
        self.owners[free[0].upper()] = _Owner(None, title)
        position = min(self.next_position, 32_000)
        self.next_position += 1
        return Variant(sku=free[0], position=position)
