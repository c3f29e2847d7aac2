"""News as our own people send them: {"parcels": [{"number", "events": [{"status", …}]}]}."""

import datetime as dt
from typing import Any

from shipping.carriers.base import News
from shipping.models import Fulfilment
from shop.lib.text import clean

MOST = 100


def news_in(message: dict[str, Any]) -> dict[str, list[News]]:
    """By tracking number. Raises ValueError, KeyError, TypeError or AttributeError."""
    return {
        str(parcel["number"]): [_news(one) for one in parcel["events"][:MOST]]
        for parcel in message["parcels"][:MOST]
    }


def _news(event: dict[str, Any]) -> News:
    status = Fulfilment.Tracking(event["status"])
    at = dt.datetime.fromisoformat(event["at"])
    if at.tzinfo is None:
        raise ValueError(event["at"])
    words, place = (clean(str(event.get(name, ""))) for name in ("words", "place"))
    return News(status, words[:200], place[:120], at)
