"""One row of an import into the catalogue. Each either goes in whole or raises Refused."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.models import ImportRow, Product, Variant
from catalog.services.imports.cells import MAX_SKU, BadCell
from catalog.services.round_trip.columns import OPTIONS, SLUG, Column, Sheet
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Goods, Part, Piece, RowRefused, Why
from shop.lib.errors import Refused
from shop.lib.text import clean, slugify

# Ids and notes beside the columns of a row; the report leaves them out.
PRODUCT, VARIANT, NEW_PRODUCT = "@product", "@variant", "@new_product"
MARK = "@"
NEEDED = ("title", "type")


def columns_of(texts: Mapping[str, str]) -> dict[str, str]:
    """A row's texts by column, without our marks."""
    return {name: text for name, text in texts.items() if not name.startswith(MARK)}


def change(row: ImportRow, *, desk: Desk, sheet: Sheet, why: Why) -> None:
    """Do what a row says, in a savepoint. Raises Refused; the desk is tidy afterwards."""
    piece = None
    try:
        with transaction.atomic():
            if row.outcome == ImportRow.Outcome.CREATED:
                piece = _create(row, desk=desk, sheet=sheet, why=why)
            else:
                piece = piece_of(row, desk)
                _update(row, piece, sheet)
                piece.save(why=why)
    except IntegrityError:
        _tidy(row, desk)
        raise RowRefused(
            _("It contradicts what is in the shop: an address, SKU or combination is taken.")
        ) from None
    except Refused:
        _tidy(row, desk)
        raise


def _tidy(row: ImportRow, desk: Desk) -> None:
    if product_id := row.before.get(PRODUCT):
        desk.forget(int(product_id))


def piece_of(row: ImportRow, desk: Desk) -> Piece:
    """What a row is about: a variant, or a product alone. Raises RowRefused when it is gone."""
    if variant_id := row.before.get(VARIANT):
        piece = desk.of_variant(int(variant_id))
    else:
        piece = desk.of_product(int(row.before.get(PRODUCT, 0)))
    if piece is None:
        raise RowRefused(_("It is not there any more."))
    return piece


def _update(row: ImportRow, piece: Piece, sheet: Sheet) -> None:
    for name, text in columns_of(row.after).items():
        column = _column(name, sheet)
        shown = column.shown(piece)
        if shown not in (row.before[name], text):
            told = {"name": name, "now": shown[:60]}
            raise RowRefused(_("“%(name)s” was changed meanwhile; it is “%(now)s” now.") % told)
        put(column, piece, text, sheet)


def _column(name: str, sheet: Sheet) -> Column:
    column = sheet.columns.get(name)
    if column is None:
        raise RowRefused(_("There is no column “%(name)s” any more.") % {"name": name})
    return column


def put(column: Column, piece: Piece, text: str, sheet: Sheet) -> None:
    """Set one value. Raises RowRefused with the name of the column."""
    if text and not sheet.is_asked(column, piece):
        told = {"name": column.name}
        raise RowRefused(_("%(name)s: the type of this product does not ask for it.") % told)
    try:
        column.put(piece, text)
    except BadCell as refusal:
        raise RowRefused(f"{column.name}: {refusal.message}.") from None


def _create(row: ImportRow, *, desk: Desk, sheet: Sheet, why: Why) -> Piece:
    texts = columns_of(row.after)
    slug = texts.get(SLUG) or slugify(texts.get("title", ""))
    product = Product.objects.filter(slug=slug).first() if slug else None
    goods = _existing(product, desk) if product else _new_goods(slug, texts)
    variant = Variant(sku=_sku(row.sku), position=_next_position(product))
    piece = Piece(goods, variant, choices=_choices(texts.get(OPTIONS, "")))
    _check_combination(piece)
    # The type first: what may be answered depends on it.
    for name in sorted(texts, key=lambda name: (name != "type", list(sheet.columns).index(name))):
        column = _column(name, sheet)
        is_ours = product is None or column.part is not Part.PRODUCT
        if not column.is_shown_only and is_ours:
            put(column, piece, texts[name], sheet)
    piece.save(why=why)
    row.after |= {PRODUCT: str(piece.product.pk), VARIANT: str(variant.pk)}
    if product is None:
        row.after[NEW_PRODUCT] = "yes"
    return piece


def _existing(product: Product, desk: Desk) -> Goods:
    piece = desk.of_product(product.pk)
    return piece.goods if piece else Goods(product)


def _new_goods(slug: str, texts: Mapping[str, str]) -> Goods:
    missing = [name for name in NEEDED if not texts.get(name)]
    if missing or not slug:
        told = {"names": ", ".join(missing or [SLUG])}
        raise RowRefused(
            _(
                "This SKU is new, and a new product needs: %(names)s. Another variant of a product needs its “slug”."
            )
            % told
        )
    return Goods(Product(slug=slug, title=texts["title"], status=Product.Status.DRAFT))


def _sku(written: str) -> str:
    sku = clean(written)
    if not sku or len(sku) > MAX_SKU:
        raise RowRefused(_("A SKU has 1 to %(limit)s letters.") % {"limit": MAX_SKU})
    return sku


def _next_position(product: Product | None) -> int:
    return product.variants.count() if product else 0


def _choices(written: str) -> list[tuple[str, str]]:
    """ "Glaze: Ash; Size: 320 ml" as pairs."""
    pairs = []
    for part in filter(None, map(str.strip, written.split(";"))):
        name, colon, value = (clean(word) for word in part.partition(":"))
        if not (name and colon and value) or len(name) > 60 or len(value) > 80:
            raise RowRefused(_("options: write “Glaze: Ash; Size: 320 ml”."))
        pairs.append((name, value))
    return pairs


def _check_combination(piece: Piece) -> None:
    """A variant says how it differs from the others of its product."""
    variant = piece.variant
    if variant is None or piece.product.pk is None:
        return
    others = {label.casefold() for label in piece.product.variants.values_list("label", flat=True)}
    label = ", ".join(value for _option, value in piece.choices)
    if label.casefold() in others or (others and not label):
        raise RowRefused(_("options: say how it differs from the other variants of the product."))
    # A name nobody has, until it is labelled by its values.
    variant.label = f"#{variant.sku}" if label else ""
