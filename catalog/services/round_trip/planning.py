"""One wish for many products, as rows that can be looked at, applied and taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ImportRow, Market, Variant
from catalog.services.round_trip import changing
from catalog.services.round_trip.changing import PRODUCT, VARIANT
from catalog.services.round_trip.columns import Sheet
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Piece, Why
from shop.lib.errors import Refused
from shop.lib.money import round_money

HUNDRED = Decimal(100)
Outcome = ImportRow.Outcome


class Ending(models.TextChoices):
    """What a new price ends in."""

    EXACT = "exact", _("to the penny")
    WHOLE = "whole", _("whole, 24.00")
    HALF = "half", _("halves, 23.50")
    NINETY_FIVE = "95", _("ends in .95")
    NINETY_NINE = "99", _("ends in .99")


class Was(models.TextChoices):
    """What becomes of the price that is shown as the earlier one."""

    KEEP = "keep", _("leave as it is")
    EARLIER = "earlier", _("the price until now")
    EMPTY = "empty", _("none")


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A change of price in some markets: by per cent, or to an amount in the market's currency."""

    markets: Sequence[Market]
    per_cent: Decimal | None = None
    amount: Decimal | None = None
    ending: Ending = Ending.EXACT
    was: Was = Was.KEEP

    def of(self, old: Decimal, currency: str) -> Decimal:
        if self.amount is not None:
            return round_money(self.amount, currency)
        if self.per_cent is None:
            return round_money(old, currency)
        return _ended(old * (HUNDRED + self.per_cent) / HUNDRED, self.ending, currency)


@dataclass(frozen=True, slots=True)
class Wish:
    """`texts`: values by column, for every product. Tags are added and taken away."""

    texts: Mapping[str, str] = field(default_factory=dict)
    more_tags: Sequence[str] = ()
    fewer_tags: Collection[str] = ()
    price: NewPrice | None = None


def _ended(amount: Decimal, ending: Ending, currency: str) -> Decimal:
    """The nearest price with that ending; never below none."""
    match ending:
        case Ending.WHOLE:
            rounded = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        case Ending.HALF:
            rounded = (amount * 2).quantize(Decimal(1), rounding=ROUND_HALF_UP) / 2
        case Ending.NINETY_FIVE | Ending.NINETY_NINE:
            cents = Decimal(int(ending)) / HUNDRED
            rounded = (amount - cents).quantize(Decimal(1), rounding=ROUND_HALF_UP) + cents
        case _:
            rounded = amount
    return max(Decimal(0), round_money(rounded, currency))


def rows(product_ids: Sequence[int], *, wish: Wish, sheet: Sheet) -> list[ImportRow]:
    """A row per product for what all its variants share, and one per variant for its prices."""
    variants = dict[int, list[int]]()
    known = Variant.objects.filter(product__in=product_ids).order_by("position", "pk")
    for pk, product_id in known.values_list("pk", "product_id"):
        variants.setdefault(product_id, []).append(pk)
    desk = Desk()
    wanted = [pk for ids in variants.values() for pk in ids] if wish.price else []
    desk.fetch(product_ids=product_ids, variant_ids=wanted)
    found = []
    for product_id in product_ids:
        if (piece := desk.of_product(product_id)) and (wish.texts or _tags(wish)):
            found.append(_row(piece, _shared(piece, wish, sheet), sheet))
        pieces = map(desk.of_variant, variants.get(product_id, []) if wish.price else ())
        found += [_row(piece, _priced(piece, wish.price), sheet) for piece in pieces if piece]
    for number, row in enumerate(found, 1):
        row.number = number
    return found


def _tags(wish: Wish) -> bool:
    return bool(wish.more_tags or wish.fewer_tags)


def _shared(piece: Piece, wish: Wish, sheet: Sheet) -> dict[str, str]:
    texts = dict(wish.texts)
    if _tags(wish):
        gone = {tag.casefold() for tag in wish.fewer_tags}
        kept = [tag for tag in piece.product.tags if tag.casefold() not in gone]
        there = {tag.casefold() for tag in kept}
        kept += [tag for tag in wish.more_tags if tag.casefold() not in there]
        texts["tags"] = str(sheet.columns["tags"].widget.render(kept))
    return texts


def _priced(piece: Piece, wish: NewPrice | None) -> dict[str, str]:
    """New prices where there are prices: a market in which it is not sold stays so."""
    texts: dict[str, str] = {}
    for market in wish.markets if wish else ():
        price = piece.prices.get(market.pk)
        if price is None or wish is None:
            continue
        new = wish.of(price.amount, market.currency)
        texts[f"price:{market.code}"] = f"{new:f}"
        if wish.was is Was.EMPTY:
            texts[f"compare_at:{market.code}"] = ""
        elif wish.was is Was.EARLIER and new < price.amount:
            earlier = round_money(price.compare_at or price.amount, market.currency)
            texts[f"compare_at:{market.code}"] = f"{earlier:f}"
    return texts


def _row(piece: Piece, texts: Mapping[str, str], sheet: Sheet) -> ImportRow:
    variant = piece.variant
    row = ImportRow(sku=variant.sku if variant else "", outcome=Outcome.SKIPPED)
    row.before = {PRODUCT: str(piece.product.pk)}
    if variant is not None:
        row.before[VARIANT] = str(variant.pk)
    for name, text in texts.items():
        shown = sheet.columns[name].shown(piece)
        if shown != text:
            row.before[name], row.after[name] = shown, text
            row.outcome = Outcome.UPDATED
    return row


def rehearse(rows: Sequence[ImportRow], *, sheet: Sheet, why: Why) -> None:
    """Do all of it and take it back; rows that can't be done are refused from the start."""
    desk = Desk()
    with transaction.atomic():
        for row in rows:
            if row.outcome != Outcome.UPDATED:
                continue
            try:
                changing.change(row, desk=desk, sheet=sheet, why=why)
            except Refused as refusal:
                row.outcome, row.problem = Outcome.REFUSED, refusal.message[:500]
        transaction.set_rollback(True)
