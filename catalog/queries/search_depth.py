"""How popular the first of a long list are, as PostgreSQL's own statistics have it."""

from bisect import bisect_left

from django.db import connection

from shop.lib.parts import kept

STATISTICS = """
select histogram_bounds::text::bigint[],
    coalesce((select sum(one) from unnest(most_common_freqs) as one), 0)::float8
from pg_stats
where schemaname = current_schema() and tablename = 'catalog_card' and attname = 'popularity'
"""
# The popularity of cards at equal distances, the least popular first, and which part of all cards
# they stand for: the rest share a few values, mostly none.
Spread = tuple[tuple[int, ...], float]


def popularity_of_first(share: float) -> int | None:
    """What about this share of all cards has at least. None where too many are alike, or nobody knows.

    No query, but one after a change of the shop. Raises nothing for a share of any size.
    """
    bounds, part = kept("popularity", _read)
    if not bounds or share >= part:
        return None
    least = bounds[int((len(bounds) - 1) * (1 - share / part))]
    # As many as share the first value may be any of them.
    return least if bisect_left(bounds, least) > 0 else None


def _read() -> Spread:
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS)
        bounds, common = cursor.fetchone() or (None, 0.0)
    return tuple(bounds or ()), 1 - common
