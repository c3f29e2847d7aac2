import datetime as dt

from shop.lib.workdays import add_working_days, leaves_on, next_cut_off

FRIDAY_NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
FRIDAY_EVENING = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)


def test_an_order_before_the_cut_off_leaves_today():
    assert leaves_on(FRIDAY_NOON, "GB") == dt.date(2026, 11, 20)


def test_an_order_after_the_cut_off_leaves_on_the_next_working_day():
    assert leaves_on(FRIDAY_EVENING, "GB") == dt.date(2026, 11, 23)


def test_holidays_are_no_working_days():
    christmas_eve = dt.date(2026, 12, 24)

    # The 25th is Christmas, the 26th a Saturday whose holiday moves to Monday the 28th.
    assert add_working_days(christmas_eve, 1, "GB") == dt.date(2026, 12, 29)


def test_a_country_without_a_calendar_has_weekends_only():
    assert add_working_days(dt.date(2026, 11, 20), 1, "XX") == dt.date(2026, 11, 23)


def test_the_cut_off_is_in_the_shops_own_time():
    in_summer = dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)

    assert next_cut_off(in_summer, "GB") == dt.datetime(2026, 7, 1, 13, 0, tzinfo=dt.UTC)
