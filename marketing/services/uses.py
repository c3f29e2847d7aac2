"""What counts against the limits of promotions and codes: taken by an order, given back by it.

`uses` of a promotion or a code is the number of orders that hold it now, kept wherever there is a
limit. Where there is none it is not kept, so that a popular offer makes nobody wait.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from marketing.models import Coupon, Promotion, PromotionUse
from marketing.queries.buyers import who_of
from marketing.queries.coupons import by_codes
from orders.models import Order
from shop.lib.errors import Refused
from shop.lib.locks import NotInTransaction, locked

__all__ = ["UsedUp", "release", "take", "take_again", "who_of"]
Limited = QuerySet[Promotion] | QuerySet[Coupon]
BELOW_LIMIT = Q(uses__lt=F("usage_limit"))


class UsedUp(Refused):
    """Raised when a limit was reached between quoting and ordering; nothing was taken.

    `code` is empty for a promotion that applies by itself.
    """

    def __init__(self, promotion: Promotion, code: str) -> None:
        words = {"name": code or promotion.label}
        super().__init__(_("“%(name)s” has been used up in the meantime.") % words)
        self.promotion_id, self.code = promotion.pk, code


def take(
    *, order: Order, taken: Mapping[int, Decimal], codes: Mapping[int, str], now: dt.datetime
) -> None:
    """Count this order against the promotions that took something off it, and their codes.

    taken: promotion id -> amount; codes: promotion id -> the code it was entered by. Has to be in
    the transaction that writes the order. Raises UsedUp.
    """
    if not taken:
        return
    if not connection.in_atomic_block:
        raise NotInTransaction(Promotion.__name__)
    who = who_of(order.email)
    # In pk order, all promotions before all codes: two orders queue up and never deadlock.
    promotions = list(Promotion.objects.filter(pk__in=taken).order_by("pk"))
    coupons = _coupons(codes, taken)
    for promotion in promotions:
        _take_promotion(promotion, who, codes.get(promotion.pk, ""))
    for coupon in sorted(coupons.values(), key=lambda one: one.pk):
        if coupon.usage_limit is not None and not _count_one(Coupon.objects.filter(pk=coupon.pk)):
            raise UsedUp(coupon.promotion, coupon.code)
    PromotionUse.objects.bulk_create(
        PromotionUse(
            promotion=promotion,
            coupon=coupons.get(promotion.pk),
            order=order,
            who=who,
            amount=taken[promotion.pk],
            at=now,
        )
        for promotion in promotions
    )


def _coupons(codes: Mapping[int, str], taken: Mapping[int, Decimal]) -> dict[int, Coupon]:
    """The entered codes by promotion."""
    wanted = [code for promotion_id, code in codes.items() if promotion_id in taken and code]
    rows = by_codes(wanted).select_related("promotion") if wanted else []
    return {one.promotion_id: one for one in rows if codes.get(one.promotion_id) == one.code}


def _take_promotion(promotion: Promotion, who: str, code: str) -> None:
    if promotion.per_customer_limit is not None:
        _wait_for_own_orders(promotion, who)
        held = PromotionUse.objects.filter(promotion=promotion, who=who, released_at=None)
        if held.count() >= promotion.per_customer_limit:
            raise UsedUp(promotion, code)
    if promotion.usage_limit is not None and not _count_one(
        Promotion.objects.filter(pk=promotion.pk)
    ):
        raise UsedUp(promotion, code)


def _wait_for_own_orders(promotion: Promotion, who: str) -> None:
    """One order of an address at a time: a lock on the pair, so that others need not wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"promotion {promotion.pk} {who}"],
        )


def _count_one(row: Limited) -> bool:
    """Count one use below the limit; waits for whoever is counting. False when it is reached."""
    if row.filter(BELOW_LIMIT).update(uses=F("uses") + 1):
        return True
    # The limit may have been taken away since it was read.
    return row.filter(usage_limit=None).exists()


@transaction.atomic
def take_again(*, order: Order) -> None:
    """Count an order that comes back as it was counted before. Raises UsedUp; nothing was taken."""
    held = PromotionUse.objects.filter(order=order, released_at__isnull=False)
    uses = locked(held.select_related("promotion", "coupon__promotion"))
    for use in sorted(uses, key=lambda one: one.promotion_id):
        _take_promotion(use.promotion, use.who, use.coupon.code if use.coupon else "")
    coupons = {use.coupon.pk: use.coupon for use in uses if use.coupon}
    for _pk, coupon in sorted(coupons.items()):
        if coupon.usage_limit is not None and not _count_one(Coupon.objects.filter(pk=coupon.pk)):
            raise UsedUp(coupon.promotion, coupon.code)
    PromotionUse.objects.filter(pk__in=[use.pk for use in uses]).update(released_at=None)


@transaction.atomic
def release(*, order: Order, now: dt.datetime) -> None:
    """Give back what this order counted for. Twice is once."""
    held = PromotionUse.objects.filter(order=order, released_at=None)
    uses = locked(held.only("promotion_id", "coupon_id"))
    if not uses:
        return
    for promotion_id in sorted(use.promotion_id for use in uses):
        _give_back(Promotion.objects.filter(pk=promotion_id))
    for coupon_id in sorted(use.coupon_id for use in uses if use.coupon_id):
        _give_back(Coupon.objects.filter(pk=coupon_id))
    PromotionUse.objects.filter(pk__in=[use.pk for use in uses]).update(released_at=now)


def _give_back(row: Limited) -> None:
    row.filter(usage_limit__isnull=False, uses__gt=0).update(uses=F("uses") - 1)
