"""What others searched for, and found."""

import datetime as dt

from django.db.models import Sum

from catalog.models import Market, SearchCount

RECENT = dt.timedelta(days=90)


def popular(begun: str, market: Market, *, on: dt.date, count: int = 4) -> list[str]:
    """The commonest recent searches that begin so and found something. One query."""
    rows = SearchCount.objects.filter(
        market=market, text__startswith=begun.lower(), results__gt=0, day__gt=on - RECENT
    )
    often = rows.values("text").annotate(times=Sum("searches")).order_by("-times", "text")
    return list(often.values_list("text", flat=True)[:count])
