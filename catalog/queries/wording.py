"""Times of day in sentences; money and days are said by `shop.templatetags.shop_text`."""

import datetime as dt

from babel.dates import format_time

from shop.templatetags.shop_text import current_locale


def clock(value: dt.datetime) -> str:
    """A full hour: "2 pm" or "14:00"."""
    locale = current_locale()
    pattern = "h a" if locale.language == "en" else "HH:mm"
    return str(format_time(value, pattern, tzinfo=value.tzinfo, locale=locale)).lower()
