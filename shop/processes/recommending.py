"""Recommending: what was ordered together, and what is alike, made ready for pages every night."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction

from catalog.services import recommendations
from orders.models import Order, OrderLine
from shop.lib.affinity import Basket, learn
from shop.lib.locks import try_singleton
from shop.lib.page_cache import throw_away_pages

# Older orders weigh next to nothing, and name what is not made any more.
LOOK_BACK = dt.timedelta(days=730)
SOLD = (Order.Status.CONFIRMED, Order.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Recommended:
    """How many products show something else than before."""

    goes_with: int
    related: int


def recommend(*, now: dt.datetime) -> Recommended | None:
    """Compute every prepared recommendation anew. None when another worker is at it."""
    with transaction.atomic():
        if not try_singleton("recommend"):
            return None
        _take_time()
        known = learn(baskets(since=now - LOOK_BACK), now=now)
        done = Recommended(
            goes_with=recommendations.keep_companions(known.companions, now=now),
            related=recommendations.keep_related(now=now),
        )
    if done.goes_with or done.related:
        throw_away_pages()
    return done


def baskets(*, since: dt.datetime) -> Iterator[Basket[int]]:
    """The products of each order that was not called off, one order at a time."""
    lines = (
        OrderLine.objects.filter(
            order__status__in=SOLD, order__placed_at__gte=since, variant__isnull=False
        )
        .order_by("order")
        .values_list("order_id", "order__email", "order__placed_at", "variant__product_id")
    )
    for _order, rows in groupby(lines.iterator(chunk_size=5_000), key=itemgetter(0)):
        bought = list(rows)
        _, email, placed_at, _ = bought[0]
        yield Basket(email, placed_at, frozenset(row[3] for row in bought))


def _take_time() -> None:
    """Lift, for this transaction, the time limits meant for web requests: counting takes longer."""
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute("set local idle_in_transaction_session_timeout = 0")
