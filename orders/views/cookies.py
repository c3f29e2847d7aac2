"""The two cookies of a cart: the key, which no script may read, and the count, which one shows."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from catalog.models import Market
from orders.models import Cart
from orders.services import carts

KEY = "cart"
COUNT = "cart_count"
KEEP = 60 * 60 * 24 * 60


def market_of(request: HttpRequest) -> Market:
    market: Market = request.market  # type: ignore[attr-defined]
    return market


def cart_of(request: HttpRequest) -> Cart | None:
    return carts.find(token=token_of(request), market=market_of(request))


def token_of(request: HttpRequest) -> str:
    return request.COOKIES.get(_name(KEY, market_of(request)), "")


def remember(response: HttpResponse, cart: Cart, count: int) -> None:
    """Keep a cart for sixty days from its last change."""
    for name, value, is_key in ((KEY, cart.token, True), (COUNT, str(count), False)):
        response.set_cookie(
            _name(name, cart.market),
            value,
            max_age=KEEP,
            secure=settings.HTTPS,
            httponly=is_key,
            samesite="Lax",
        )


def forget(response: HttpResponse, market: Market) -> None:
    response.delete_cookie(_name(KEY, market), samesite="Lax")
    response.delete_cookie(_name(COUNT, market), samesite="Lax")


def _name(name: str, market: Market) -> str:
    """Each market has a cart of its own: prices and goods differ."""
    return f"{name}_{market.path}" if market.path else name
