"""When a parcel leaves and when it is there."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from shipping.models import Method
from shop.lib.workdays import WEEKDAYS, add_working_days, first_working_day, leaves_on

WEEK = frozenset(range(7))


def leaves(method: Method, now: dt.datetime) -> dt.date:
    """The day a carrier fetches what is ordered now: after the cut-off, handling and holidays."""
    home = settings.SHOP["country"]
    ready = add_working_days(leaves_on(now, home), method.handling_days, home)
    if method.provider is None or method.kind == Method.Kind.COLLECT:
        return ready
    return first_working_day(ready, home, _days(method.provider.collects_on))


def arrives(method: Method, country: str, now: dt.datetime) -> tuple[dt.date, dt.date]:
    """The first and the last day on which it may come; of what is collected, when it is ready."""
    posted = leaves(method, now)
    weekdays = WEEKDAYS if method.provider is None else _days(method.provider.delivers_on)
    there = settings.SHOP["country"] if method.kind == Method.Kind.COLLECT else country
    return (
        add_working_days(posted, method.min_days, there, weekdays),
        add_working_days(posted, method.max_days, there, weekdays),
    )


def _days(told: Iterable[int]) -> frozenset[int]:
    return (frozenset(told) & WEEK) or WEEKDAYS
