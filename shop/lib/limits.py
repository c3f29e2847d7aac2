"""How often anything may be tried, by where it comes from and by what it is tried at.

The one table of limits. Counters keep digests only, no address and no e-mail, and no longer than
their window lasts.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, cast

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver
from django.utils.translation import ngettext

from shop.lib.cache import ShopCache
from shop.lib.errors import Refused
from shop.lib.http import client_address

logger = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponseBase]
TOO_MANY_REQUESTS = 429
MINUTE, HOUR = 60, 3600
TEN_MINUTES = 10 * MINUTE
# What one household or one rented server holds of the IPv6 addresses.
OWN_PREFIX = 64


class TooOften(Refused):
    """One try too many. `retry_after`: seconds until the next one counts."""

    def __init__(self, retry_after: int) -> None:
        minutes = ceil(retry_after / MINUTE)
        super().__init__(
            ngettext(
                "Too many tries. Please wait a minute.",
                "Too many tries. Please wait %(count)s minutes.",
                minutes,
            )
            % {"count": minutes}
        )
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Rate:
    tries: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """here: per address; there: per target, an account for instance.

    While Valkey is away each process counts by itself (shop.lib.cache): doors stay guarded, and open.
    """

    name: str
    here: Rate | None = None
    there: Rate | None = None


LOGIN = Limit("login", here=Rate(20, TEN_MINUTES), there=Rate(10, TEN_MINUTES))
SIGNUP = Limit("signup", here=Rate(10, HOUR), there=Rate(3, HOUR))
RESET = Limit("reset", here=Rate(10, TEN_MINUTES), there=Rate(3, TEN_MINUTES))
RESET_LINK = Limit("reset-link", here=Rate(30, TEN_MINUTES))
# A code in the basket may be a gift card's: both doors count the same guesses.
CODE = GIFT_CARD = Limit("code", here=Rate(10, TEN_MINUTES))
DISCOUNT_CARD = Limit("discount-card", here=Rate(10, TEN_MINUTES))
LOOKUP = Limit("lookup", here=Rate(10, TEN_MINUTES), there=Rate(20, HOUR))
ORDER_LINK = Limit("order-link", there=Rate(3, HOUR))
WITHDRAW = Limit("withdraw", here=Rate(10, HOUR), there=Rate(5, HOUR))
PRIVACY = Limit("privacy", here=Rate(10, HOUR), there=Rate(3, HOUR))
CONTACT = Limit("contact", here=Rate(10, HOUR), there=Rate(5, HOUR))
ALERTS = Limit("alerts", here=Rate(10, TEN_MINUTES))
VAT = Limit("vat", here=Rate(30, TEN_MINUTES))
# Wrong keys; how often a right one may be used is written on it.
API = Limit("api", here=Rate(30, MINUTE))
CHECKOUT = Limit("checkout", here=Rate(40, TEN_MINUTES), there=Rate(10, TEN_MINUTES))
# Beginnings of a checkout, and places in line for it.
TURN = Limit("turn", here=Rate(60, TEN_MINUTES))
PICTURES = Limit("pictures", here=Rate(30, TEN_MINUTES))
SELF_SERVICE = Limit("self-service", here=Rate(30, TEN_MINUTES))
RETURNS = Limit("returns", here=Rate(40, TEN_MINUTES))
CLAIMS = Limit("claims", here=Rate(20, TEN_MINUTES))
SEARCH = Limit("search", here=Rate(120, MINUTE))
SUGGEST = Limit("suggest", here=Rate(240, MINUTE))
SEEN = Limit("seen", here=Rate(60, MINUTE))
REPORTS = Limit("reports", here=Rate(20, MINUTE))


def check(request: HttpRequest, limit: Limit, *, target: str = "") -> None:
    """Count a try. Raises TooOften, here or at the target; both count every time."""
    _refuse(request, limit, [_counted(key, rate) for key, rate in _keys(request, limit, target)])


def look(request: HttpRequest, limit: Limit, *, target: str = "") -> None:
    """Raise TooOften when the tries are used up; looking is none.

    For doors that count only what was wrong: `check` after a miss, this before a try.
    """
    _refuse(request, limit, [_used_up(key, rate) for key, rate in _keys(request, limit, target)])


def _keys(request: HttpRequest, limit: Limit, target: str) -> list[tuple[str, Rate]]:
    found = []
    if limit.here:
        found.append((_key(limit, "from", whence(request)), limit.here))
    if limit.there and target:
        found.append((_key(limit, "at", target.strip().lower()), limit.there))
    return found


def _key(limit: Limit, word: str, what: str) -> str:
    return f"tries:{limit.name}:{word}:{hashlib.sha256(what.encode()).hexdigest()[:32]}"


def whence(request: HttpRequest) -> str:
    """The caller's address; of an IPv6 one the part that a single caller can't change at will."""
    address = client_address(request)
    if address is None:
        return "nowhere"
    if isinstance(ip_address(address), IPv6Address):
        return str(ip_network((address, OWN_PREFIX), strict=False))
    return address


def _counted(key: str, rate: Rate) -> int:
    """Seconds to wait, 0 for none, after one try more."""
    now = time.time()
    tries = cast("ShopCache", cache).one_more(key, f"{key}:until", seconds=rate.seconds)
    return _left(key, rate, now) if tries > rate.tries else 0


def _used_up(key: str, rate: Rate) -> int:
    is_over = int(cache.get(key, 0)) >= rate.tries
    return _left(key, rate, time.time()) if is_over else 0


def _left(key: str, rate: Rate, now: float) -> int:
    until = float(cache.get(f"{key}:until") or now + rate.seconds)
    return max(ceil(until - now), 1)


def _refuse(request: HttpRequest, limit: Limit, waits: list[int]) -> None:
    if longest := max(waits, default=0):
        logger.warning("limit reached", extra={"topic": limit.name})
        request.retry_after = longest  # type: ignore[attr-defined]
        raise TooOften(longest)


class LimitsMiddleware:
    """Answers TooOften with the page for it, and every 429 with the time to wait."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == TOO_MANY_REQUESTS:
            response.setdefault("Retry-After", str(getattr(request, "retry_after", MINUTE)))
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, TooOften):
            return None
        request.retry_after = exception.retry_after  # type: ignore[attr-defined]
        show: Any = get_resolver().resolve_error_handler(TOO_MANY_REQUESTS)
        answer: HttpResponseBase = show(request, exception)
        return answer
