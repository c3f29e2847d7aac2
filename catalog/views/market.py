from django.http import HttpRequest

from catalog.models import Market


def market_of(request: HttpRequest) -> Market:
    """The market that the address is in, as the middleware has found it."""
    market: Market = request.market  # type: ignore[attr-defined]
    return market
