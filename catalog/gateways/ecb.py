"""The European Central Bank's reference rates: for one euro, every working day about 16:00 CET."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from shop.lib.fetch import Fetched, safe_fetch

ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"
KINDS = frozenset({"text/xml", "application/xml"})
MAX_BYTES, PATIENCE = 200_000, 20.0
CURRENCY_LETTERS = 3
Fetcher = Callable[..., Fetched]


class NotRates(Exception):
    """Raised when the answer is not a day's list of rates."""


@dataclass(frozen=True, slots=True)
class Day:
    """Units of each currency for one euro, and the day they are of."""

    on: dt.date
    rates: Mapping[str, Decimal]


def daily(*, address: str = ADDRESS, fetcher: Fetcher = safe_fetch) -> Day:
    """Today's rates. Raises FetchRefused or NotRates."""
    answer = fetcher(address, max_bytes=MAX_BYTES, timeout=PATIENCE, kinds=KINDS)
    return read(answer.content)


def read(content: bytes) -> Day:
    """A day's rates out of the bank's XML. Raises NotRates."""
    # What declares entities of its own is not from the bank; nothing is expanded then.
    if b"<!" in content:
        raise NotRates("declarations")
    try:
        cubes = [one.attrib for one in fromstring(content).iter() if one.tag.endswith("Cube")]
        day = dt.date.fromisoformat(next(one["time"] for one in cubes if "time" in one))
        rates = {one["currency"]: Decimal(one["rate"]) for one in cubes if "currency" in one}
    except (
        ParseError,
        DefusedXmlException,
        StopIteration,
        KeyError,
        ValueError,
        InvalidOperation,
    ) as error:
        raise NotRates(type(error).__name__) from error
    sane = all(
        len(code) == CURRENCY_LETTERS and code.isascii() and code.isupper() and 0 < rate < 10**9
        for code, rate in rates.items()
    )
    if not rates or not sane:
        raise NotRates("rates")
    return Day(day, rates)
