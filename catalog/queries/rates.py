"""What one currency is worth in another."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import ExchangeRate
from catalog.queries.markets import main_market

STALE_AFTER = dt.timedelta(days=7)
PLACES = Decimal("0.00000001")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """A rate and since when it has been in force; of a rate made from two, the older."""

    rate: Decimal
    at: dt.datetime

    def is_stale(self, *, now: dt.datetime) -> bool:
        return now - self.at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Rates:
    """The newest rate of every pair on file. How many of the second for one of the first."""

    pairs: Mapping[Pair, Known]

    def of(self, base: str, quote: str, *, now: dt.datetime) -> Known | None:
        """The newest way from one to the other: told so, the other way round, or through a third."""
        if base == quote:
            return Known(Decimal(1), now)
        return max(self._ways(base, quote), key=lambda one: one.at, default=None)

    def _ways(self, base: str, quote: str) -> Iterator[Known]:
        if told := self._told(base, quote):
            yield told
        for third in sorted({code for pair in self.pairs for code in pair} - {base, quote}):
            there, on = self._told(base, third), self._told(third, quote)
            if there and on:
                yield Known(there.rate * on.rate, min(there.at, on.at))

    def _told(self, base: str, quote: str) -> Known | None:
        straight, back = self.pairs.get((base, quote)), self.pairs.get((quote, base))
        if back and (straight is None or back.at > straight.at):
            return Known(1 / back.rate, back.at)
        return straight


def rates_at(now: dt.datetime) -> Rates:
    """One query."""
    rows = ExchangeRate.objects.filter(at__lte=now).order_by("base", "quote", "-at")
    newest = rows.distinct("base", "quote").values_list("base", "quote", "rate", "at")
    return Rates({(base, quote): Known(rate, at) for base, quote, rate, at in newest})


def exchange_rate(currency: str, now: dt.datetime) -> Decimal | None:
    """Units of the main market's currency for one of this; None when no rate is on file."""
    main = main_market()
    if main is None:
        return None
    if main.currency == currency:
        return Decimal(1)
    found = rates_at(now).of(currency, main.currency, now=now)
    return found.rate.quantize(PLACES) if found else None
