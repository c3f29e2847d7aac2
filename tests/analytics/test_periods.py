import datetime as dt

import pytest

from analytics.queries import periods
from analytics.queries.periods import Against, Kind
from tests.analytics.books import NOW, at


def days(period):
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("7d", "2026-11-15", "2026-11-21"),
        ("30d", "2026-10-23", "2026-11-21"),
        ("90d", "2026-08-24", "2026-11-21"),
        ("month", "2026-11-01", "2026-11-21"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("year", "2026-01-01", "2026-11-21"),
    ],
)
def test_named_periods_end_with_today_or_with_their_month(kind, first, last):
    assert days(periods.period(kind, now=NOW)) == (first, last)


def test_a_period_ends_at_this_moment_while_its_last_day_is_not_over():
    assert periods.period("7d", now=NOW).end_at == NOW


def test_a_day_begins_at_midnight_in_the_shops_own_time():
    summer = periods.between(dt.date(2026, 7, 1), dt.date(2026, 7, 1), now=NOW)

    assert summer.start_at == at("2026-06-30 23:00")
    assert summer.end_at == at("2026-07-01 23:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_clocks_change_are_as_long_as_they_are(day, hours):
    one = dt.date.fromisoformat(day)
    period = periods.between(one, one, now=NOW)

    # Subtracting within a zone would compare wall clocks.
    length = period.end_at.astimezone(dt.UTC) - period.start_at.astimezone(dt.UTC)
    assert length == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("kind", "against", "first", "last"),
    [
        ("30d", Against.BEFORE, "2026-09-23", "2026-10-22"),
        ("30d", Against.LAST_YEAR, "2025-10-23", "2025-11-21"),
        ("month", Against.BEFORE, "2026-10-01", "2026-10-21"),
        ("last-month", Against.BEFORE, "2026-09-01", "2026-09-30"),
        ("last-month", Against.LAST_YEAR, "2025-10-01", "2025-10-31"),
        ("year", Against.BEFORE, "2025-01-01", "2025-11-21"),
    ],
)
def test_a_period_is_held_against_as_many_days(kind, against, first, last):
    current = periods.period(kind, now=NOW)

    assert days(periods.compared(current, kind=kind, against=against)) == (first, last)


def test_an_unfinished_day_is_held_against_as_much_of_the_earlier_one():
    current = periods.period(Kind.WEEK, now=NOW)

    before = periods.compared(current, kind=Kind.WEEK, against=Against.BEFORE)

    assert before.end_at == at("2026-11-14 19:00")


def test_a_month_is_not_held_against_days_of_its_own():
    end_of_march = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
    current = periods.period(Kind.MONTH, now=end_of_march)

    before = periods.compared(current, kind=Kind.MONTH, against=Against.BEFORE)

    assert days(before) == ("2026-02-01", "2026-02-28")


def test_the_29th_of_february_was_the_28th_a_year_before():
    assert periods.shift_months(dt.date(2028, 2, 29), -12) == dt.date(2027, 2, 28)
