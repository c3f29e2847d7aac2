"""In and out of an account; the basket and the wishes come along."""

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import SignInForm
from accounts.models import Customer, User
from accounts.services import customers
from accounts.views.frame import next_of, page, private
from catalog.queries.markets import markets
from orders.services import wishlists
from orders.services.wishlists import Owner
from orders.views import cookies, wishlist_keys
from orders.views.cart import with_cookies
from shop.lib.ratelimit import too_often, too_often_at

# Tells scripts that somebody is signed in, and nothing else. The session decides.
SIGNED_IN = "signed_in"
WINDOW = 600


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        if customers.of_user(request.user):
            return redirect(next_of(request))
        return _ask(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    if _tried_too_often(request, form.cleaned_data["email"]):
        form.add_error(None, _("Too many tries. Please wait ten minutes."))
        return _ask(request, form, status=429)
    user = _user(request, form)
    if user is None:
        form.add_error(None, _("No account has this email address and this password."))
        return _ask(request, form, status=422)
    return admit(request, user, target=next_of(request))


def _tried_too_often(request: HttpRequest, email: str) -> bool:
    """By where the tries come from, and by the account they are at: both are counted, always."""
    from_here = too_often(request, "sign-in", limit=20, seconds=WINDOW)
    return too_often_at(email, "sign-in", limit=10, seconds=WINDOW) or from_here


def _user(request: HttpRequest, form: SignInForm) -> User | None:
    """Whoever this is. Strangers, wrong passwords and staff take the same work, and get the same words."""
    data = form.cleaned_data
    found = auth.authenticate(request, username=data["email"], password=data["password"])
    return found if isinstance(found, User) and customers.may_sign_in(found) else None


def _ask(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    told = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return page(request, "sign_in", title=_("Sign in"), status=status, **told)


def admit(request: HttpRequest, user: User, *, target: str) -> HttpResponse:
    """Open the account, and bring what the browser gathered into it."""
    now = timezone.now()
    customer = customers.settle(user=user, now=now)
    keys = wishlist_keys.keys_of(request)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    response = redirect(target)
    _bring_baskets(request, response, customer)
    wishlists.merge(tokens=keys, user=user, now=now)
    wishlist_keys.remember(response, Owner((), user))
    response.set_cookie(
        SIGNED_IN,
        "1",
        max_age=settings.SESSION_COOKIE_AGE,
        secure=settings.HTTPS,
        samesite="Lax",
    )
    return response


def _bring_baskets(request: HttpRequest, response: HttpResponse, customer: Customer) -> None:
    for market in markets():
        cart = cookies.cart_in(request, market, customer=customer)
        if cart is None:
            # Also when the browser held somebody else's.
            cookies.forget(response, market)
        else:
            with_cookies(response, cart)


@private
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Nothing of the account stays in the browser; the basket waits for the next time."""
    auth.logout(request)
    response = redirect("catalog:home")
    for market in markets():
        cookies.forget(response, market)
    wishlist_keys.remember(response, Owner())
    response.delete_cookie(SIGNED_IN, samesite="Lax")
    return response
