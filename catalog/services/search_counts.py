"""Searches, counted by day and text: what people look for, and what we lack. Nobody is in it.

Pages are cached whole, so the server sees a search only now and then: it notes the text and what it
found. How often, the browsers say: one beacon for each page of results that somebody saw. A text
must have been noted before beacons count, so that nobody can write words of his own here.
"""

import datetime as dt
import time
from typing import Any

from django.db import connection
from django.db.models import F

from catalog.models import Market, SearchCount

LONGEST, MOST_DIGITS = 100, 5
KEPT = dt.timedelta(days=180)
# A search is made anew whenever the shop moves on: what this process wrote down is known for so long.
KNOWN_FOR, MOST_KNOWN = 300.0, 4096
NOTE = """
insert into catalog_searchcount (market_id, day, text, searches, results)
select %(market)s, %(day)s, %(text)s, 0, %(results)s
where not exists (
    select from catalog_searchcount where market_id = %(market)s and day = %(day)s
        and text = %(text)s and results = %(results)s
)
on conflict (market_id, day, text) do update set results = excluded.results
"""


_known: dict[tuple[int, dt.date, str], tuple[int, float]] = {}


def note(*, text: str, results: int, market: Market, on: dt.date) -> None:
    """Write down what a text found, unless that is known. What may be somebody's address or number is left out."""
    words, now = countable(text), time.monotonic()
    place = (market.pk, on, words)
    known, until = _known.get(place, (-1, now))
    if not words or (known == results and now < until):
        return
    values: dict[str, Any] = {"market": market.pk, "day": on, "text": words, "results": results}
    with connection.cursor() as cursor:
        cursor.execute(NOTE, values)
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[place] = results, now + KNOWN_FOR


def seen(*, text: str, market: Market, on: dt.date) -> bool:
    """Count one page of results that was seen; says whether the text was known that day."""
    rows = SearchCount.objects.filter(market=market, day=on, text=countable(text))
    return bool(rows.update(searches=F("searches") + 1))


def forget(*, before: dt.date) -> int:
    """Throw away what is older than that; returns how many rows."""
    return SearchCount.objects.filter(day__lt=before).delete()[0]


def countable(text: str) -> str:
    """The text as it is counted; empty when it may be personal: an address, a long number."""
    digits = sum(letter.isdigit() for letter in text)
    is_personal = "@" in text or digits > MOST_DIGITS
    return "" if is_personal else " ".join(text.lower().split())[:LONGEST]
