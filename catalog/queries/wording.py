"""Times of day in sentences; money and days are said by `shop.templatetags.shop_text`."""

import datetime as dt
from functools import lru_cache

from babel import Locale
from babel.dates import format_time

from shop.templatetags.shop_text import current_locale


def clock(value: dt.datetime) -> str:
    """A full hour: "2 pm" or "14:00"."""
    return _clock(value.time(), current_locale())


@lru_cache(maxsize=64)
def _clock(time: dt.time, locale: Locale) -> str:
    pattern = "h a" if locale.language == "en" else "HH:mm"
    return str(format_time(time, pattern, locale=locale)).lower()
