"""When people buy: a year with its seasons, weeks and evenings, growing towards today."""

import datetime as dt
import random

from shop.lib.workdays import shop_day, shop_zone

DAYS = 365
MONTHS = (0.80, 0.80, 0.95, 0.95, 1.00, 0.90, 0.85, 0.85, 1.00, 1.10, 1.45, 1.60)
# Monday first: quiet Fridays, busy Sundays.
WEEKDAYS = (1.05, 1.00, 1.00, 1.00, 0.90, 0.95, 1.30)
HOURS = (6, 3, 2, 1, 1, 2, 8, 22, 40, 52, 56, 58, 66, 62, 55, 52, 52, 56, 64, 78, 96, 92, 60, 24)
LAST_POST, NEW_YEAR = (12, 20), (12, 31)
AFTER_LAST_POST = 0.35
NEWSLETTER_DAYS, NEWSLETTER = 10, 1.8
START, GROWTH = 0.75, 0.5
MINUTE = dt.timedelta(minutes=1)


def moments(count: int, *, now: dt.datetime, rng: random.Random) -> list[dt.datetime]:
    """`count` points in the twelve months before now, in order, UTC."""
    today = shop_day(now)
    days = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    letters = set(rng.sample(days, NEWSLETTER_DAYS))
    weights = [
        _weight(day, at / DAYS) * (NEWSLETTER if day in letters else 1)
        for at, day in enumerate(days)
    ]
    # Today has only had a part of its hours.
    weights[-1] *= _share_of_day(now)
    chosen = rng.choices(days, weights, k=count)
    return sorted(_moment(day, now, rng) for day in chosen)


def _weight(day: dt.date, progress: float) -> float:
    season = MONTHS[day.month - 1]
    if LAST_POST < (day.month, day.day) <= NEW_YEAR:
        season *= AFTER_LAST_POST
    return season * WEEKDAYS[day.weekday()] * (START + GROWTH * progress)


def _share_of_day(now: dt.datetime) -> float:
    return sum(HOURS[: now.astimezone(shop_zone()).hour]) / sum(HOURS)


def _moment(day: dt.date, now: dt.datetime, rng: random.Random) -> dt.datetime:
    hour = rng.choices(range(24), HOURS)[0]
    time = dt.time(hour, rng.randrange(60), rng.randrange(60), rng.randrange(1_000_000))
    moment = dt.datetime.combine(day, time, tzinfo=shop_zone()).astimezone(dt.UTC)
    if moment < now - MINUTE:
        return moment
    start = dt.datetime.combine(day, dt.time(), tzinfo=shop_zone()).astimezone(dt.UTC)
    return start + (now - MINUTE - start) * rng.random()
