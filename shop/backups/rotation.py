"""Which backups stay: the last of each of the last days, weeks and months."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

Moment = dt.datetime


@dataclass(frozen=True)
class Keep:
    """How many days, weeks and months one backup each is kept of."""

    days: int
    weeks: int
    months: int


def to_keep(moments: Iterable[Moment], keep: Keep) -> set[Moment]:
    """Those that stay. The newest always does; days without a backup do not count."""
    newest_first = sorted(moments, reverse=True)
    return {
        *newest_first[:1],
        *_last_of_each(newest_first, lambda moment: moment.date(), keep.days),
        *_last_of_each(newest_first, lambda moment: moment.isocalendar()[:2], keep.weeks),
        *_last_of_each(newest_first, lambda moment: (moment.year, moment.month), keep.months),
    }


def _last_of_each(
    newest_first: list[Moment], span: Callable[[Moment], Hashable], count: int
) -> list[Moment]:
    last: dict[Hashable, Moment] = {}
    for moment in newest_first:
        last.setdefault(span(moment), moment)
    return list(last.values())[:count]
