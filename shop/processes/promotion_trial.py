"""Trying promotions: a basket that is priced as any other is, and forgotten again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Customer, CustomerGroup
from catalog.models import Market, Variant
from marketing.models import Coupon, Promotion
from marketing.queries.coupons import normalised
from orders.models import Cart, CartCode, CartLine
from shop.lib.money import ZERO
from shop.processes import quoting
from shop.processes.quoting import Asked, Priced

NOBODY = "somebody@trial.invalid"
CODE = "TRY-IT"


@dataclass(frozen=True, slots=True)
class Wish:
    """A basket to try. promotion: one that counts as if it ran, with a code of its own if it wants.

    groups: what the customer belongs to on top; only who is signed in belongs to any.
    """

    market: Market
    lines: Sequence[tuple[Variant, int]]
    asked: Asked
    codes: Sequence[str] = ()
    is_signed_in: bool = False
    groups: Sequence[CustomerGroup] = ()
    promotion: Promotion | None = None


def try_out(*, wish: Wish, now: dt.datetime) -> Priced:
    """What the basket would cost at that time, and what becomes of every promotion.

    Everything is written as it would be for a shopper, priced by the same code, and taken back.
    """
    with transaction.atomic():
        cart = _cart(wish, now)
        codes = [*wish.codes, *_as_running(wish.promotion, now)]
        CartCode.objects.bulk_create(
            CartCode(
                cart=cart,
                kind=CartCode.Kind.COUPON,
                value=value,
                shown=value[:40],
                added_at=now + dt.timedelta(microseconds=place),
            )
            for place, value in enumerate(dict.fromkeys(map(_code, codes)))
        )
        priced = quoting.quote(cart=cart, market=wish.market, asked=wish.asked, now=now)
        transaction.set_rollback(True)
    return priced


def _code(typed: str) -> str:
    return normalised(typed) or typed.strip().upper()[:40]


def _cart(wish: Wish, now: dt.datetime) -> Cart:
    cart = Cart.objects.create(
        market=wish.market,
        customer=_customer(wish, now) if wish.is_signed_in else None,
        country=wish.asked.country,
        created_at=now,
        updated_at=now,
    )
    for variant, quantity in wish.lines:
        CartLine.objects.create(
            cart=cart, variant=variant, quantity=quantity, price_seen=ZERO, added_at=now
        )
    return cart


def _customer(wish: Wish, now: dt.datetime) -> Customer:
    email = wish.asked.email or NOBODY
    customer = Customer.objects.filter(email__iexact=email).first()
    if customer is None:
        customer = Customer.objects.create(email=email, created_at=now)
    customer.groups.add(*wish.groups)
    return customer


def _as_running(promotion: Promotion | None, now: dt.datetime) -> list[str]:
    """Let it run for the moment; the code it wants, if it wants one."""
    if promotion is None:
        return []
    Promotion.objects.filter(pk=promotion.pk).update(is_active=True, starts_at=None, ends_at=None)
    if promotion.is_automatic:
        return []
    coupons = Coupon.objects.filter(promotion=promotion, is_active=True, customer=None)
    coupon = coupons.order_by("pk").first()
    if coupon is None:
        coupon = Coupon.objects.create(promotion=promotion, code=CODE, created_at=now)
    return [coupon.code]
