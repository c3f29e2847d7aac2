"""Product types and categories that rows name: found, or made."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Category, ProductType, TaxClass
from catalog.services.imports.batch import Batch
from catalog.services.imports.rows import TypeRow
from shop.lib.text import slugify

STANDARD = "standard"


@dataclass
class Shelves:
    """Types and categories at hand for one batch."""

    types: dict[TypeRow, ProductType]
    categories: dict[tuple[str, ...], Category]

    def type_of(self, wanted: TypeRow) -> ProductType:
        return self.types[wanted]

    def category_of(self, names: tuple[str, ...]) -> Category | None:
        return self.categories.get(names)


def load(batch: Batch) -> Shelves:
    """Find what the batch's rows name, and make what is missing."""
    wanted = {row.type for row in batch.rows if row.type.name or row.ref not in batch.products}
    paths = {row.category for row in batch.rows if row.category}
    return Shelves(_types(wanted, batch), _categories(paths))


def _types(wanted: set[TypeRow], batch: Batch) -> dict[TypeRow, ProductType]:
    taxes = {tax.code: tax for tax in TaxClass.objects.all()}
    if STANDARD not in taxes:
        taxes[STANDARD] = TaxClass.objects.create(code=STANDARD, name=_("Standard rate"))
    known: dict[str, list[ProductType]] = defaultdict(list)
    for kind in ProductType.objects.order_by("pk"):
        _remember(kind, known)
    for code in {row.tax_class for row in wanted} - {"", *taxes}:
        batch.notes.warn(
            None,
            _("There is no tax class “%(code)s” here; the standard rate was taken.")
            % {"code": code},
        )
    return {row: _type(row, known, taxes) for row in sorted(wanted, key=repr)}


def _remember(kind: ProductType, known: dict[str, list[ProductType]]) -> None:
    for key in {kind.name.casefold(), kind.code}:
        known[key].append(kind)


def _type(
    row: TypeRow, known: dict[str, list[ProductType]], taxes: dict[str, TaxClass]
) -> ProductType:
    """The type of this name that ships and is taxed so; another beside it when none does.

    `known` holds types by folded name and by code.
    """
    tax = taxes.get(row.tax_class, taxes[STANDARD])
    alike: list[ProductType] = []
    for name in _names(row, tax):
        alike = known[name.casefold()] or known[_code(name)]
        if not alike:
            alike = [_made(name, row, tax)]
            _remember(alike[0], known)
        if suiting := next((kind for kind in alike if _suits(kind, row, tax)), None):
            return suiting
    return alike[0]


def _made(name: str, row: TypeRow, tax: TaxClass) -> ProductType:
    return ProductType.objects.create(
        code=_code(name), name=name, tax_class=tax, is_shipped=row.is_shipped is not False
    )


def _names(row: TypeRow, tax: TaxClass) -> list[str]:
    """What such a type is called, the plainest name first."""
    plain = row.name or (_("Digital") if row.is_shipped is False else _("General"))
    if row.tax_class and tax.code != STANDARD:
        taxed = f"{plain[:40]} ({tax.name[:30]})"
        return [plain, taxed] if row.name else [taxed]
    if row.name and row.is_shipped is not None:
        suffix = _("shipped") if row.is_shipped else _("digital")
        return [plain, f"{plain[:60]} ({suffix})"]
    return [plain]


def _code(name: str) -> str:
    return slugify(name, limit=60) or "general"


def _suits(kind: ProductType, row: TypeRow, tax: TaxClass) -> bool:
    ships = row.is_shipped is None or kind.is_shipped == row.is_shipped
    taxed = not row.tax_class or kind.tax_class_id == tax.pk
    return ships and taxed


def _categories(paths: set[tuple[str, ...]]) -> dict[tuple[str, ...], Category]:
    """Walk the tree along the names; what is not there is added under its parent."""
    if not paths:
        return {}
    by_place: dict[tuple[str, str], Category] = {}
    for category in Category.objects.order_by("path"):
        above = category.path[: -category.steplen]
        by_place.setdefault((above, category.name.casefold()), category)
        by_place.setdefault((above, category.slug), category)
    return {path: _category(path, by_place) for path in sorted(paths)}


def _category(path: tuple[str, ...], by_place: dict[tuple[str, str], Category]) -> Category:
    parent: Category | None = None
    for name in path:
        above = parent.path if parent else ""
        slug = slugify(name, limit=80) or "shelf"
        found = by_place.get((above, name.casefold())) or by_place.get((above, slug))
        if found is None:
            found = _grown(parent, name, slug)
            by_place[above, name.casefold()] = by_place[above, slug] = found
        parent = found
    assert parent is not None  # noqa: S101 — paths are never empty
    return parent


def _grown(parent: Category | None, name: str, slug: str) -> Category:
    url_path = f"{parent.url_path}/{slug}" if parent else slug
    values = {"name": name[:80], "slug": slug, "url_path": url_path}
    if parent is None:
        root: Category = Category.objects.add_root(values)
        return root
    child: Category = Category.objects.add_child(parent, values)
    return child
