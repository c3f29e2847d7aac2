"""The chart of net sales per day, as the template draws it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_date
from django.utils.translation import gettext as _

from analytics.forms import Question
from analytics.queries.days import Day, Pair
from analytics.queries.totals import Totals
from analytics.views.figures import large_money
from shop.lib.svg import Band, LineChart, line_chart
from shop.templatetags.shop_text import current_locale, dateline, money, short_money

# More points than this are noise, and too narrow to point at.
MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A strip over one day of the drawing, and what it says."""

    band: Band
    title: str


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    note: str
    chart: LineChart
    grid: list[tuple[str, str]]  # distance from the top, label
    spots: list[Spot]


def drawing(pairs: Sequence[Pair], question: Question, now: Totals, before: Totals) -> Drawing:
    currency = question.market.currency
    series = [
        [pair.now.net if pair.now else None for pair in pairs],
        [pair.before.net if pair.before else None for pair in pairs],
    ]
    is_long = len(pairs) > MOST_POINTS
    if is_long:
        series = [mean_of_week(values) for values in series]
    # The axis follows the period; a longer comparison has days without a date below them.
    labels = [short_day(pair.now.on) if pair.now else "" for pair in pairs]
    chart = line_chart(series, labels=labels, most_bands=MOST_POINTS)
    return Drawing(
        title=_("Net sales per day, %(days)s: %(now)s in all, against %(before)s before")
        % {
            "days": day_range(question.current.first, question.current.last),
            "now": large_money(now.net, currency),
            "before": large_money(before.net, currency),
        },
        note=_("Each point is the mean of seven days.") if is_long else "",
        chart=chart,
        grid=[(tick.y, short_money(tick.value, currency)) for tick in chart.y_ticks],
        spots=[Spot(band, _told(pairs[band.index], currency)) for band in chart.bands],
    )


def mean_of_week(values: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Each value with the six before it, averaged: over months, days alone are noise."""
    means: list[Decimal | None] = []
    for place, value in enumerate(values):
        week = [one for one in values[max(0, place - 6) : place + 1] if one is not None]
        means.append(None if value is None else sum(week, Decimal(0)) / len(week))
    return means


def _told(pair: Pair, currency: str) -> str:
    told = [_day(pair.now, currency), _day(pair.before, currency)]
    return "; ".join(text for text in told if text)


def _day(day: Day | None, currency: str) -> str:
    return f"{dateline(day.on)}: {money(day.net, currency)}" if day else ""


def short_day(day: dt.date) -> str:
    return str(format_date(day, "d MMM", locale=current_locale()))


def day_range(first: dt.date, last: dt.date) -> str:
    """ "23 Oct – 21 Nov 2026"."""
    if first == last:
        return str(format_date(first, "d MMM y", locale=current_locale()))
    start = "d MMM" if first.year == last.year else "d MMM y"
    return (
        f"{format_date(first, start, locale=current_locale())} – "
        f"{format_date(last, 'd MMM y', locale=current_locale())}"
    )
