"""Whether a method carries some parcels to a place, and what it asks for them. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from shipping.queries.terms import Destination, Packing, Piece
from shipping.queries.ways import Way
from shop.lib.money import ZERO


def problem_of(way: Way, parcels: Sequence[Packing], to: Destination) -> str:
    """Why the method does not do it, in words for staff; empty when it does."""
    return (
        _closed(way)
        or _too_far(way, to)
        or next(filter(None, (_unfit(way, piece) for piece in _pieces(parcels))), "")
        or next(filter(None, (_too_big(way, parcel) for parcel in parcels)), "")
    )


def price_of(
    way: Way, parcels: Sequence[Packing], goods: Decimal, live: Decimal | None = None
) -> Decimal | None:
    """The sum over all parcels; None when one of them has no rate.

    live: what the carrier says for all of them. It holds instead of the table, but what the table
    gives away from a goods value on stays free.
    """
    rates = [way.rate_for(parcel.grams, goods) for parcel in parcels]
    found = [rate for rate in rates if rate is not None]
    prices = [
        ZERO if rate.free_from is not None and goods >= rate.free_from else rate.price
        for rate in found
    ]
    if live is not None:
        is_free = bool(found) and len(found) == len(rates) and not any(prices)
        return ZERO if is_free and any(rate.free_from is not None for rate in found) else live
    return sum(prices, ZERO) if len(found) == len(rates) else None


def free_from(way: Way, parcels: Sequence[Packing], goods: Decimal) -> Decimal | None:
    """The goods value from which on all the parcels are free; None when they never are."""
    rates = [way.rate_for(parcel.grams, goods) for parcel in parcels]
    values = [rate.free_from for rate in rates if rate is not None and rate.free_from is not None]
    return max(values) if values and len(values) == len(rates) else None


def _pieces(parcels: Iterable[Packing]) -> Iterable[Piece]:
    return (piece for parcel in parcels for piece in parcel.pieces)


def _closed(way: Way) -> str:
    if not way.method.is_active:
        return _("It is not offered.")
    if way.method.provider is not None and not way.method.provider.is_active:
        return _("Its carrier is not in use.")
    return ""


def _too_far(way: Way, to: Destination) -> str:
    method = way.method
    if to.country not in method.zone.countries:
        return _("It does not go into this country.")
    postcode = plain(to.postcode)
    if method.postcodes and not _begins(postcode, method.postcodes):
        if not postcode:
            return _("It goes to some postcodes only, and none is known.")
        return _("It does not go to this postcode.")
    if postcode and _begins(postcode, method.not_postcodes):
        return _("It does not go to this postcode.")
    return ""


def plain(postcode: str) -> str:
    """Letters and digits alone: "bt1 1aa" is "BT11AA"."""
    return "".join(filter(str.isalnum, postcode.upper()))


def _begins(postcode: str, beginnings: Iterable[str]) -> bool:
    known = [plain(one) for one in beginnings]
    return any(one and postcode.startswith(one) for one in known)


def _unfit(way: Way, piece: Piece) -> str:
    if way.categories and not way.categories & piece.categories:
        return _("It does not take all of these goods.")
    if way.not_categories & piece.categories or piece.product_id in way.not_products:
        return _("It never takes some of these goods.")
    return ""


def _too_big(way: Way, parcel: Packing) -> str:
    method, size = way.method, parcel.size
    if method.max_parcel_grams and parcel.grams > method.max_parcel_grams:
        figures = {"grams": parcel.grams, "most": method.max_parcel_grams}
        return _("A parcel of %(grams)s g is too heavy: at most %(most)s g.") % figures
    if method.max_length_mm and size.length_mm > method.max_length_mm:
        sides = {"mm": size.length_mm, "most": method.max_length_mm}
        return _("A parcel of %(mm)s mm is too long: at most %(most)s mm.") % sides
    if method.max_girth_mm and size.girth_mm > method.max_girth_mm:
        girths = {"mm": size.girth_mm, "most": method.max_girth_mm}
        return _("Length and girth of %(mm)s mm are too much: at most %(most)s mm.") % girths
    return ""
