"""The markets, kept in the process for a few seconds: every request asks for them."""

import time
from dataclasses import dataclass

from django.db import DatabaseError

from catalog.models import Market

SECONDS = 5.0


@dataclass
class _Kept:
    markets: tuple[Market, ...] = ()
    until: float = 0.0


_kept = _Kept()


def markets() -> tuple[Market, ...]:
    """All markets, the main one first. The last known ones while the database is away."""
    if time.monotonic() < _kept.until:
        return _kept.markets
    try:
        _kept.markets = tuple(Market.objects.in_order())
    except DatabaseError:
        if not _kept.markets:
            raise
    _kept.until = time.monotonic() + SECONDS if _kept.markets else 0.0
    return _kept.markets


def forget() -> None:
    """Read them again at the next question."""
    _kept.until = 0.0


def main_market() -> Market | None:
    return next(iter(markets()), None)
