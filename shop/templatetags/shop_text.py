"""Filters for what pages say: money, days, stars. All follow the active language."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()


def current_locale() -> Locale:
    return _locale(language_at_hand())


def language_at_hand() -> str:
    return get_language() or settings.LANGUAGE_CODE


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    """ "£47.90"; empty for no amount."""
    return "" if amount is None else _money(amount, currency, language_at_hand())


@lru_cache(maxsize=2048)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return str(format_currency(amount, currency, locale=_locale(language)))


@register.filter
def in_words(thing: Any, currency: str = "") -> Any:
    """A thing of a page with its amounts as texts, for `{% stencil %}`."""
    return thing.in_words(currency)


@register.filter
def short_money(amount: Decimal | None, currency: str) -> str:
    """ "£22", but "£7.50": for lists, where pence that are nought only add noise."""
    return short_money_in(amount, currency, language_at_hand())


def short_money_in(amount: Decimal | None, currency: str, language: str) -> str:
    """The same for who knows the language: finding it out costs more than the rest."""
    return "" if amount is None else _short(amount, currency, language)


@lru_cache(maxsize=4096)
def _short(amount: Decimal, currency: str, language: str) -> str:
    if amount != amount.to_integral_value():
        return _money(amount, currency, language)
    locale = _locale(language)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return str(format_currency(amount, currency, pattern, locale=locale, currency_digits=False))


@register.filter
def decimal(number: Decimal | float | None) -> str:
    """A number with at most one decimal, "4.8" or "4,8"; empty for none."""
    return "" if number is None else _decimal(number, language_at_hand())


@lru_cache(maxsize=512)
def _decimal(number: Decimal | float, language: str) -> str:
    return str(format_decimal(number, "0.#", locale=_locale(language)))


@register.filter
def dateline(day: dt.date | None) -> str:
    """ "Tue 24 Nov"."""
    return _day(day, "EEE d MMM")


@register.filter
def longdate(day: dt.date | None) -> str:
    """ "24 November 2026"."""
    return _day(day, "d MMMM y")


@register.filter
def monthday(day: dt.date | None) -> str:
    """ "24 November"."""
    return _day(day, "d MMMM")


@register.filter
def moment(at: dt.datetime | None) -> str:
    """ "Sat 21 Nov 2026, 10:42" in the shop's time zone."""
    if at is None:
        return ""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return str(format_datetime(local, "EEE d MMM y, HH:mm", locale=current_locale()))


@register.filter
def half_steps(rating: Decimal | float | None) -> int:
    """Ten times the rating, rounded to half a star: 4.8 is 50, 4.6 is 45. Names a CSS class."""
    halves = (Decimal(rating or 0) * 2).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(halves) * 5


def _day(day: dt.date | None, pattern: str) -> str:
    if day is None:
        return ""
    if isinstance(day, dt.datetime):
        day = (timezone.localtime(day) if timezone.is_aware(day) else day).date()
    return day_text(day, pattern, current_locale())


@lru_cache(maxsize=2048)
def day_text(day: dt.date, pattern: str, locale: Locale) -> str:
    return str(format_date(day, pattern, locale=locale))
