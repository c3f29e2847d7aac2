"""The two cookies of the wish lists: their keys, which no script may read, and what is wished.

Unlike carts, wish lists are the same in every market, and so are their cookies.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from orders.services import wishlists
from orders.services.wishlists import Owner

KEYS = "wishlist"
# "12-40.12-41": product and variant of every wish. Hearts and the number in the header follow it.
WISHED = "wished"
KEEP = 60 * 60 * 24 * 365


def keys_of(request: HttpRequest) -> tuple[str, ...]:
    return wishlists.parse_keys(request.COOKIES.get(KEYS, ""))


def owner_of(request: HttpRequest) -> Owner:
    user = request.user
    return Owner(keys_of(request), user if isinstance(user, User) else None)


def merged_owner(request: HttpRequest) -> Owner:
    """The owner, after a signed-in visitor's account has taken over the lists of the browser."""
    owner = owner_of(request)
    if owner.user is not None and owner.tokens:
        wishlists.merge(tokens=owner.tokens, user=owner.user, now=timezone.now())
        return Owner((), owner.user)
    return owner


def remember(response: HttpResponse, owner: Owner) -> HttpResponse:
    """Write both cookies as things stand; without any list there are none."""
    lists = list(wishlists.lists_of(owner))
    keys = [one.token for one in lists if one.user_id is None]
    wishes = wishlists.lines_of(owner).order_by("added_at", "pk")
    pairs = wishes.values_list("variant__product_id", "variant_id")[: wishlists.MOST_WISHES]
    _write(response, KEYS, ".".join(keys), is_key=True)
    wished = sorted({f"{product}-{variant}" for product, variant in pairs})
    _write(response, WISHED, ".".join(wished), is_key=False)
    return response


def _write(response: HttpResponse, name: str, value: str, *, is_key: bool) -> None:
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name,
        value,
        max_age=KEEP,
        secure=settings.HTTPS,
        httponly=is_key,
        samesite="Lax",
    )
