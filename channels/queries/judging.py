"""Why something can't be listed elsewhere, in words that tell staff what to mend."""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from stdnum import ean

from catalog.models import Image, Market
from catalog.queries import safety
from channels.queries.stock import Piece
from shop.lib.html import plain_text

LONGEST_ID, LONGEST_TITLE, LONGEST_WORD = 50, 150, 70
SMALLEST_SIDE = 100  # pixels
# GS1 keeps these numbers for scales, vouchers and the like.
RESTRICTED = re.compile(r"0*(2\d{12}|04\d{10}|9[89]\d{11})$")
# Pictures that every service takes.
PICTURES = (".webp", ".jpg", ".jpeg", ".png", ".gif")


def title_of(piece: Piece) -> str:
    title, label = piece.product.title, piece.variant.label
    return f"{title}, {label}" if label else title


def shown(images: list[Image]) -> list[Image]:
    """Those that are large enough and of a kind that every service takes."""
    return [
        one
        for one in images
        if (one.file.name or "").lower().endswith(PICTURES)
        and (not one.width or min(one.width, one.height) >= SMALLEST_SIDE)
    ]


def reasons(piece: Piece, market: Market) -> list[str]:
    """What keeps a variant out of a market's feeds; empty when nothing does."""
    if not piece.is_sold_here:
        return [_("Not sold in this market.")]
    found = [reason for check in CHECKS for reason in check(piece)]
    return found + [
        _("Product safety: %(gap)s") % {"gap": gap}
        for gap in safety.missing_for(piece.product, market)
    ]


def _price(piece: Piece) -> Iterator[str]:
    if piece.price is None:
        yield _("No price in this market.")
    elif piece.price.current <= 0:
        yield _("The price is nought.")


def _words(piece: Piece) -> Iterator[str]:
    if len(title_of(piece)) > LONGEST_TITLE:
        yield _("The title with its variant is longer than 150 characters.")
    if not plain_text(piece.product.description):
        yield _("No description.")
    if len(piece.variant.sku) > LONGEST_ID:
        yield _("The SKU is longer than 50 characters.")


def _pictures(piece: Piece) -> Iterator[str]:
    if not piece.images:
        yield _("No picture.")
    elif not shown(list(piece.images)):
        yield _("No picture of at least 100 × 100 pixels in a format that services take.")


def _identifiers(piece: Piece) -> Iterator[str]:
    variant, brand = piece.variant, piece.product.brand
    if not (variant.barcode or variant.mpn or brand):
        yield _("No identifier: give it a GTIN, or a brand with a part number.")
    if variant.barcode and not ean.is_valid(variant.barcode):
        yield _("The barcode is not a GTIN: its check digit is wrong.")
    elif RESTRICTED.match(variant.barcode.zfill(13)):
        yield _("The barcode is one of those kept for use inside a shop.")
    if len(brand) > LONGEST_WORD:
        yield _("The brand is longer than 70 characters.")


CHECKS: tuple[Callable[[Piece], Iterator[str]], ...] = (_price, _words, _pictures, _identifiers)
