"""Coming in and going out: the basket and the wishes come along, and nothing stays behind."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Customer, User
from accounts.services import customers
from catalog.queries.markets import markets
from orders.services import wishlists
from orders.services.wishlists import Owner
from orders.views import cookies, wishlist_keys
from orders.views.cart import with_cookies

# Tells scripts that somebody is signed in, and nothing else. The session decides.
SIGNED_IN = "signed_in"
# Sessions of customers last; those of staff end with the working day, see the staff's doors.
CLEARED = '"cache", "storage"'


def arrived(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Bring what the browser gathered into the account that has just been opened."""
    if not customers.may_sign_in(user):
        return
    now = timezone.now()
    customer = customers.settle(user=user, now=now)
    _bring_baskets(request, response, customer)
    wishlists.merge(tokens=wishlist_keys.keys_of(request), user=user, now=now)
    wishlist_keys.remember(response, Owner((), user))
    response.set_cookie(
        SIGNED_IN,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def _bring_baskets(request: HttpRequest, response: HttpResponse, customer: Customer) -> None:
    for market in markets():
        cart = cookies.cart_in(request, market, customer=customer)
        if cart is None:
            # Also when the browser held somebody else's.
            cookies.forget(response, market)
        else:
            with_cookies(response, cart)


def left(response: HttpResponse) -> None:
    """Nothing of the account stays in the browser; the basket waits for the next time."""
    for market in markets():
        cookies.forget(response, market)
    wishlist_keys.remember(response, Owner())
    response.delete_cookie(SIGNED_IN, samesite="Lax")
    response["Clear-Site-Data"] = CLEARED
