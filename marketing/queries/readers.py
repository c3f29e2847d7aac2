"""From JSON that people or programs wrote to values that can be trusted."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from orders.services.pricing import Scope
from shop.lib.money import ZERO, exponent

Amounts = Mapping[str, Decimal]
CURRENCY, CLOCK = re.compile(r"[A-Z]{3}"), re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
LARGEST_ID, LARGEST_AMOUNT, HUNDRED = 2**63 - 1, Decimal(10) ** 8, Decimal(100)
MOST_IDS, MOST_TIERS, LONGEST = 1_000, 20, 40
SCOPE_IDS = ("products", "categories", "collections", "choices")


class Misread(ValueError):
    """Raised for a value that is none of its kind. The message is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A step: from so much money or so many pieces on, a per cent or an amount off."""

    start: Amounts | int
    percent: Decimal | None = None
    amount: Amounts | None = None


def whole(least: int, most: int) -> Callable[[Any], int]:
    """A reader of whole numbers in a range, typed or not."""

    def read(given: Any) -> int:
        text = given.strip() if isinstance(given, str) else str(given)
        is_number = not isinstance(given, bool) and text.isascii() and text.isdigit()
        if not is_number or len(text) > len(str(most)) or not least <= int(text) <= most:
            words = {"least": least, "most": most}
            raise Misread(_("Enter a whole number from %(least)s to %(most)s.") % words)
        return int(text)

    return read


def number(given: Any) -> Decimal:
    """Raises Misread unless it is a plain number of sane length."""
    is_plain = isinstance(given, str | int | float | Decimal) and not isinstance(given, bool)
    try:
        found = Decimal(str(given).strip()[:LONGEST]) if is_plain else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise Misread(_("Enter a number such as 7.50."))
    return found


def percent(given: Any) -> Decimal:
    """Above 0, at most 100, with at most two decimals."""
    found = number(given)
    if not ZERO < found <= HUNDRED or found != round(found, 2):
        raise Misread(_("Enter per cent above 0, at most 100, with at most two decimals."))
    return found


def amounts(given: Any) -> Amounts:
    """Amounts above zero by currency."""
    found = amounts_or_nothing(given)
    if any(amount == ZERO for amount in found.values()):
        raise Misread(_("Enter amounts above zero."))
    return found


def amounts_or_nothing(given: Any) -> Amounts:
    """Amounts of zero or more by currency."""
    if not isinstance(given, Mapping) or not given:
        raise Misread(_("Enter an amount for at least one currency."))
    return {str(currency): _amount(str(currency), text) for currency, text in given.items()}


def _amount(currency: str, given: Any) -> Decimal:
    if not CURRENCY.fullmatch(currency):
        raise Misread(_("“%(currency)s” is no currency.") % {"currency": currency[:LONGEST]})
    found = number(given)
    if not ZERO <= found < LARGEST_AMOUNT:
        raise Misread(_("%(currency)s: this amount is out of range.") % {"currency": currency})
    if found != round(found, exponent(currency)):
        raise Misread(_("%(currency)s has no fractions as small as that.") % {"currency": currency})
    return found


def ids(given: Any) -> frozenset[int]:
    if not isinstance(given, list | tuple) or not 0 < len(given) <= MOST_IDS:
        raise Misread(_("Choose at least one, at most %(most)s.") % {"most": MOST_IDS})
    return frozenset(map(whole(1, LARGEST_ID), given))


def codes(pattern: re.Pattern[str]) -> Callable[[Any], frozenset[str]]:
    """A reader of codes that all follow a pattern."""

    def read(given: Any) -> frozenset[str]:
        if not isinstance(given, list | tuple) or not 0 < len(given) <= MOST_IDS:
            raise Misread(_("Choose at least one, at most %(most)s.") % {"most": MOST_IDS})
        for one in given:
            if not isinstance(one, str) or not pattern.fullmatch(one):
                raise Misread(_("“%(code)s” is no code.") % {"code": str(one)[:LONGEST]})
        return frozenset(given)

    return read


def days(given: Any) -> frozenset[int]:
    """Days of the week; Monday is 0. None named: every day."""
    if not isinstance(given, list | tuple) or len(given) > MOST_IDS:
        raise Misread(_("Choose days of the week."))
    return frozenset(map(whole(0, 6), given))


def clock(given: Any) -> dt.time:
    """An hour such as 17:30; 24:00 is midnight."""
    found = CLOCK.fullmatch(given.strip()) if isinstance(given, str) else None
    hour, minute = (int(one) for one in found.groups()) if found else (25, 0)
    if (hour, minute) > (24, 0):
        raise Misread(_("Enter a time such as 17:30."))
    return dt.time(hour % 24, minute)


def scope(given: Any) -> Scope:
    """Which lines; nothing named means all of them."""
    if not isinstance(given, Mapping) or not given.keys() <= {*SCOPE_IDS, "without_sale"}:
        names = ", ".join((*SCOPE_IDS, "without_sale"))
        raise Misread(_("Goods are told by %(names)s.") % {"names": names})
    without_sale = given.get("without_sale", False)
    if not isinstance(without_sale, bool):
        raise Misread(_("“Without sale” is either true or false."))

    def named(source: str) -> frozenset[int]:
        return ids(given[source]) if given.get(source) else frozenset()

    return Scope(
        products=named("products"),
        categories=named("categories"),
        collections=named("collections"),
        choices=named("choices"),
        without_sale=without_sale,
    )


def measure(given: Any) -> str:
    if given not in ("amount", "quantity"):
        raise Misread(_("Steps go by amount or by quantity."))
    return str(given)


def tiers(given: Any) -> tuple[Tier, ...]:
    if not isinstance(given, list | tuple) or not 0 < len(given) <= MOST_TIERS:
        raise Misread(_("Enter at least one step, at most %(most)s.") % {"most": MOST_TIERS})
    return tuple(map(_tier, given))


def _tier(given: Any) -> Tier:
    known = {"from", "percent", "amount"}
    if not isinstance(given, Mapping) or not given.keys() <= known or "from" not in given:
        raise Misread(_("A step starts from something and takes per cent or an amount off."))
    off = {name: given[name] for name in ("percent", "amount") if given.get(name)}
    if len(off) != 1:
        raise Misread(_("A step takes either per cent or an amount off."))
    start = given["from"]
    return Tier(
        start=amounts(start) if isinstance(start, Mapping) else whole(1, 9_999)(start),
        percent=percent(off["percent"]) if "percent" in off else None,
        amount=amounts(off["amount"]) if "amount" in off else None,
    )
