"""The two cookies of a cart: the key, which no script may read, and the count, which one shows."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Customer
from accounts.services import customers
from catalog.models import Market
from orders.models import Cart
from orders.services import carts, joining

KEY = "cart"
COUNT = "cart_count"
KEEP = 60 * 60 * 24 * 60


def market_of(request: HttpRequest) -> Market:
    market: Market = request.market  # type: ignore[attr-defined]
    return market


def cart_of(request: HttpRequest) -> Cart | None:
    """The open basket: of whoever is signed in, else of the browser."""
    return cart_in(request, market_of(request), customer=customers.of_user(request.user))


def cart_in(request: HttpRequest, market: Market, *, customer: Customer | None) -> Cart | None:
    cart = carts.find(token=_kept(request, market), market=market)
    return joining.joined(cart=cart, customer=customer, market=market, now=timezone.now())


def token_of(request: HttpRequest) -> str:
    cart = cart_of(request) if request.user.is_authenticated else None
    return cart.token if cart else _kept(request, market_of(request))


def _kept(request: HttpRequest, market: Market) -> str:
    return request.COOKIES.get(_name(KEY, market), "")


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
