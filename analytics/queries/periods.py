"""Periods of whole days in the shop's time zone, [from, to), and what to compare them with."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.lib.workdays import shop_day, shop_zone

DAY = dt.timedelta(days=1)


class Kind(models.TextChoices):
    WEEK = "7d", _("Last 7 days")
    THIRTY = "30d", _("Last 30 days")
    NINETY = "90d", _("Last 90 days")
    MONTH = "month", _("This month")
    LAST_MONTH = "last-month", _("Last month")
    YEAR = "year", _("This year")
    CUSTOM = "custom", _("Chosen days")


class Against(models.TextChoices):
    BEFORE = "before", _("Previous period")
    LAST_YEAR = "year", _("Same time last year")


ROLLING = {Kind.WEEK: 7, Kind.THIRTY: 30, Kind.NINETY: 90}


@dataclass(frozen=True, slots=True)
class Period:
    """Days [first, end), cut at the moment `until` when the last of them is not over."""

    first: dt.date
    end: dt.date
    until: dt.datetime

    @property
    def last(self) -> dt.date:
        return self.end - DAY

    @property
    def length(self) -> int:
        return (self.end - self.first).days

    @property
    def start_at(self) -> dt.datetime:
        return midnight(self.first)

    @property
    def end_at(self) -> dt.datetime:
        return min(midnight(self.end), self.until)

    def days(self) -> Iterator[dt.date]:
        return (self.first + number * DAY for number in range(self.length))


def midnight(day: dt.date) -> dt.datetime:
    """When a day begins where the shop is; days are 23 or 25 hours long when clocks change."""
    return dt.datetime.combine(day, dt.time(), tzinfo=shop_zone())


def period(kind: str, *, now: dt.datetime) -> Period:
    """A named period; the current day, month or year belongs to it as far as it has come."""
    today = shop_day(now)
    tomorrow = today + DAY
    this_month = today.replace(day=1)
    if kind in ROLLING:
        return Period(tomorrow - ROLLING[Kind(kind)] * DAY, tomorrow, now)
    if kind == Kind.LAST_MONTH:
        return Period(shift_months(this_month, -1), this_month, now)
    first = this_month if kind == Kind.MONTH else today.replace(month=1, day=1)
    return Period(first, tomorrow, now)


def quarter(*, now: dt.datetime, back: int = 0) -> Period:
    """The quarter of the year we are in, or one so many quarters back: what tax is declared for."""
    this_month = shop_day(now).replace(day=1)
    first = shift_months(this_month, -((this_month.month - 1) % 3) - 3 * back)
    return Period(first, shift_months(first, 3), now)


def between(first: dt.date, last: dt.date, *, now: dt.datetime) -> Period:
    """The days from first to last, both included, as far as they have come."""
    return Period(first, last + DAY, now)


def compared(current: Period, *, kind: str, against: str) -> Period:
    """What a period is held against: as many days, and as much of the last one."""
    if against == Against.LAST_YEAR or kind == Kind.YEAR:
        first = shift_months(current.first, -12)
    elif kind in (Kind.MONTH, Kind.LAST_MONTH):
        first = shift_months(current.first, -1)
    else:
        first = current.first - current.length * DAY
    end = min(first + current.length * DAY, current.first)
    if kind == Kind.LAST_MONTH:
        # A whole month against a whole month, however long.
        end = shift_months(first, 1)
    return Period(first, end, _as_far(current, first))


def _as_far(current: Period, first: dt.date) -> dt.datetime:
    """The moment of the earlier period at which it had come as far as the current one has."""
    if current.until >= midnight(current.end):
        return current.until
    local = current.until.astimezone(shop_zone())
    day = first + (local.date() - current.first)
    return dt.datetime.combine(day, local.time(), tzinfo=shop_zone())


def shift_months(day: dt.date, months: int) -> dt.date:
    """The same day of another month, or that month's last."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))
