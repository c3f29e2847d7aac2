"""Codes in a basket: one field for codes of promotions and for gift cards."""

import datetime as dt

from django.utils.translation import gettext as _

from marketing.queries import coupons, deals
from orders.models import Cart, CartCode
from orders.services import codes
from orders.services.codes import Found
from payments.services import stored_value
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day


class UnknownCode(Refused):
    """Raised for a code that is neither a promotion's nor a gift card's: perhaps a guess."""


class BadCode(Refused):
    """Raised for a known code that can't be used, whatever is in the basket."""


def enter(*, cart: Cart, typed: str, now: dt.datetime) -> CartCode:
    """Keep what was typed as a code of the cart, though it may not do anything yet.

    Raises UnknownCode, BadCode or TooManyCodes; all are Refused.
    """
    if not typed.strip():
        raise BadCode(_("Enter a code."))
    found = _coupon(cart, typed, now) or _gift_card(cart, typed, now)
    if found is None:
        raise UnknownCode(_("We do not know this code. Please check how it is spelled."))
    return codes.add(cart=cart, found=found, now=now)


def _coupon(cart: Cart, typed: str, now: dt.datetime) -> Found | None:
    coupon = coupons.find(typed)
    if coupon is None:
        return None
    known = deals.deals(
        market=cart.market, codes=[coupon.code], customer=cart.customer, who="", now=now
    )
    deal = next((one for one in known if one.code == coupon.code), None)
    if deal is not None and deal.refusal is not None:
        raise BadCode(deal.refusal.words)
    return Found(CartCode.Kind.COUPON, coupon.code, coupon.code)


def _gift_card(cart: Cart, typed: str, now: dt.datetime) -> Found | None:
    account = stored_value.find(typed)
    if account is None or not account.digest:
        return None
    today = shop_day(now)
    if problem := stored_value.problem(account, currency=cart.market.currency, on=today):
        raise BadCode(problem)
    return Found(CartCode.Kind.GIFT_CARD, account.digest, stored_value.shown(account))
