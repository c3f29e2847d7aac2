"""Working days: when a parcel leaves and when it arrives."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

CUT_OFF = dt.time(14, 0)
# Monday is 0.
WEEKDAYS = frozenset(range(5))


def shop_zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def shop_day(moment: dt.datetime) -> dt.date:
    """The day it is in the shop at a moment."""
    return moment.astimezone(shop_zone()).date()


def start_of(day: dt.date) -> dt.datetime:
    """The moment a day begins in the shop."""
    return dt.datetime.combine(day, dt.time(), tzinfo=shop_zone())


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    # Imported here: the calendar of the world costs a quarter of a second and 19 MB.
    import holidays  # noqa: PLC0415

    try:
        return frozenset(holidays.country_holidays(country, years=year).keys())
    except NotImplementedError:
        return frozenset()


def is_working_day(day: dt.date, country: str, weekdays: Collection[int] = WEEKDAYS) -> bool:
    """weekdays: those on which somebody works there; none named: Monday to Friday."""
    return day.weekday() in (weekdays or WEEKDAYS) and day not in _holidays(country, day.year)


# Each page says when a parcel leaves and arrives; the days are the same for all of a day.
@lru_cache(maxsize=1024)
def _add_working_days(day: dt.date, count: int, country: str, weekdays: frozenset[int]) -> dt.date:
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day, country, weekdays)
    return day


def add_working_days(
    day: dt.date, count: int, country: str, weekdays: Collection[int] = WEEKDAYS
) -> dt.date:
    """The day that lies `count` working days after `day` in that country."""
    return _add_working_days(day, count, country, frozenset(weekdays))


def first_working_day(day: dt.date, country: str, weekdays: Collection[int] = WEEKDAYS) -> dt.date:
    """That day, or the next one on which somebody works."""
    while not is_working_day(day, country, weekdays):
        day += dt.timedelta(days=1)
    return day


def leaves_on(now: dt.datetime, country: str) -> dt.date:
    """The day an order placed now is posted: today until the cut-off, else the next working day."""
    local = now.astimezone(shop_zone())
    day = local.date()
    if local.time() < CUT_OFF and is_working_day(day, country):
        return day
    return add_working_days(day, 1, country)


def next_cut_off(now: dt.datetime, country: str) -> dt.datetime:
    """The moment until which "order now, posted on …" stays true."""
    day = leaves_on(now, country)
    return dt.datetime.combine(day, CUT_OFF, tzinfo=shop_zone())
