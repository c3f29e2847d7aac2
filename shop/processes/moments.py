"""Moments at which the clock changes what pages show: a sale begins or ends, goods come or go."""

import datetime as dt

from django.db.models import Min, Q

from catalog.models import Product, Sale
from shop.lib.page_cache import has_moment_passed, pages_hold_until


def announce(*, now: dt.datetime) -> None:
    """Say when the clock changes pages next; not while a moment waits for whoever comes first."""
    if not has_moment_passed():
        tell_next(now=now)


def tell_next(*, now: dt.datetime) -> None:
    """The same, once the moment before is done with. Two small questions."""
    sales = Sale.objects.filter(is_active=True, applied_at=None).aggregate(
        begins=Min("starts_at", filter=Q(starts_at__gt=now)),
        ends=Min("ends_at", filter=Q(ends_at__gt=now)),
    )
    goods = Product.objects.filter(status__in=Product.SOLD).aggregate(
        begins=Min("published_at", filter=Q(published_at__gt=now)),
        ends=Min("unpublished_at", filter=Q(unpublished_at__gt=now)),
    )
    moments = [at for at in (*sales.values(), *goods.values()) if at is not None]
    pages_hold_until(min(moments, default=None))
