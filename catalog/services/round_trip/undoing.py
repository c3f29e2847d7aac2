"""What an import wrote, taken back where nobody has changed it since."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from catalog.models import ImportRow, Product, Variant
from catalog.services import news, products
from catalog.services.round_trip import changing
from catalog.services.round_trip.changing import NEW_PRODUCT, PRODUCT, VARIANT
from catalog.services.round_trip.columns import Column, Sheet
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Piece, RowRefused, Why, sign
from shop.lib.errors import Refused


def take_back(row: ImportRow, *, desk: Desk, sheet: Sheet, why: Why, sold: Collection[int]) -> str:
    """Undo one row; says what had to stay, or "". `sold`: variants that somebody has ordered."""
    if row.outcome == ImportRow.Outcome.CREATED:
        return _remove(row, desk=desk, why=why, sold=sold)
    try:
        piece = changing.piece_of(row, desk)
    except RowRefused as refusal:
        return refusal.message
    return _restore(row, piece, desk=desk, sheet=sheet, why=why)


def _restore(row: ImportRow, piece: Piece, *, desk: Desk, sheet: Sheet, why: Why) -> str:
    """Values first and the status after them: a step back may be one that no product takes."""
    product_id, stays, back = piece.product.pk, [], []
    for name, text in changing.columns_of(row.after).items():
        column = sheet.columns.get(name)
        if column is None or column.shown(piece) not in (text, row.before[name]):
            stays.append(name)
        elif column.shown(piece) == text:
            back.append(column)
    values = [column for column in back if column.name != "status"]
    steps = [column for column in back if column.name == "status"]
    for columns in filter(None, (values, steps)):
        try:
            with transaction.atomic():
                _put_back(row, changing.piece_of(row, desk), columns, sheet, why)
        except Refused as refusal:
            desk.forget(product_id)
            stays.append(f"{', '.join(column.name for column in columns)} ({refusal.message})")
    if not stays:
        return ""
    return _("Not taken back, as it was changed since or can't go back: %(names)s.") % {
        "names": ", ".join(stays)
    }


def _put_back(row: ImportRow, piece: Piece, columns: list[Column], sheet: Sheet, why: Why) -> None:
    for column in columns:
        changing.put(column, piece, row.before[column.name], sheet)
    piece.save(why=why)


def _remove(row: ImportRow, *, desk: Desk, why: Why, sold: Collection[int]) -> str:
    """Delete what the import made; what was ordered or counted is taken off sale instead."""
    variant = Variant.objects.filter(pk=row.after.get(VARIANT, 0)).first()
    stayed = variant is not None and (variant.pk in sold or not _deleted(variant, why))
    if variant is not None and stayed:
        variant.is_active = False
        sign(variant, why)
        variant.save(update_fields=["is_active"])
    product = Product.objects.filter(pk=row.after.get(PRODUCT, 0)).first()
    if product is not None and row.after.get(NEW_PRODUCT):
        _remove_product(product, why)
    desk.forget(int(row.after.get(PRODUCT, 0)))
    if not stayed:
        return ""
    return _("It was ordered or counted since: it was taken off sale and not deleted.")


def _remove_product(product: Product, why: Why) -> None:
    pk = product.pk
    if not product.variants.exists() and _deleted(product, why):
        news.deleted(product_ids=[pk], now=why.now)
        return
    if product.status != Product.Status.ARCHIVED and not product.variants.filter(is_active=True):
        products.move(product=product, to=Product.Status.ARCHIVED, now=why.now)


def _deleted(thing: Variant | Product, why: Why) -> bool:
    sign(thing, why)
    try:
        with transaction.atomic():
            thing.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True


def made_by(rows: Iterable[ImportRow]) -> set[int]:
    """Ids of the variants that these rows made."""
    return {int(row.after[VARIANT]) for row in rows if VARIANT in row.after}
