"""Which backups stay."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.backups.rotation import Keep, to_keep

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
A_YEAR = [NOON - number * DAY for number in range(365)]


def test_of_a_year_of_nights_days_weeks_and_months_stay():
    kept = to_keep(A_YEAR, Keep(days=7, weeks=5, months=12))

    assert sorted(kept, reverse=True)[:7] == A_YEAR[:7]
    assert {moment.strftime("%Y-%m") for moment in kept} >= {
        *(f"2026-{month:02}" for month in range(1, 12)),
        "2025-12",
    }
    assert len(kept) <= 7 + 5 + 12


def test_of_a_day_the_last_stays():
    morning = NOON.replace(hour=8)

    assert to_keep([morning, NOON], Keep(days=7, weeks=0, months=0)) == {NOON}


def test_nights_that_were_missed_cost_nothing():
    old = [NOON - 100 * DAY, NOON - 101 * DAY]

    assert to_keep(old, Keep(days=2, weeks=0, months=0)) == set(old)


@given(
    st.lists(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2026, 12, 31)), max_size=60),
    st.tuples(*[st.integers(0, 5)] * 3),
)
@settings(max_examples=60)
def test_the_newest_always_stays_and_a_second_look_removes_no_more(moments, counts):
    keep = Keep(*counts)

    kept = to_keep(moments, keep)

    assert not moments or max(moments) in kept
    assert kept <= set(moments)
    assert to_keep(kept, keep) == kept
    assert len(kept) <= 1 + sum(counts)
