"""What others searched for, and found."""

import datetime as dt
from typing import Any

from django.db import connection

from catalog.models import Market

RECENT = dt.timedelta(days=90)
POPULAR = """
select text from catalog_searchcount
where market_id = %(market)s and text like %(begun)s and results > 0 and day > %(since)s
group by text order by sum(searches) desc, text limit %(count)s
"""


def popular(begun: str, market: Market, *, on: dt.date, count: int = 4) -> list[str]:
    """The commonest recent searches that begin so and found something. One query."""
    literally = begun.lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    values: dict[str, Any] = {
        "market": market.pk,
        "begun": f"{literally}%",
        "since": on - RECENT,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(POPULAR, values)
        return [text for (text,) in cursor.fetchall()]
