"""What all pages of an account share: who it is, and that nobody keeps them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts.models import Customer
from accounts.services import customers
from catalog.queries.page import Seo, page_context

View = TypeVar("View", bound=Callable[..., HttpResponse])


def private(view: View) -> View:
    """Nobody keeps the answer, nobody is told where one came from, and forms carry a token."""

    @never_cache
    @csrf_protect
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # A link to a new password is a key; the pages it leads to must not pass it on.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded  # type: ignore[return-value]


def members_only(view: Callable[[HttpRequest, Customer], HttpResponse]) -> Any:
    """Hand over the customer; others are asked to sign in first."""

    @private
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        customer = customers.of_user(request.user)
        if customer is None:
            target = urlencode({"next": reverse("accounts:overview")})
            return redirect(f"{reverse('accounts:sign_in')}?{target}")
        return view(request, customer)

    return guarded


def page(
    request: HttpRequest, name: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    frame = page_context(request, seo=Seo(title=title, noindex=True))
    return render(request, f"accounts/{name}.html", frame | context, status=status)


def next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go, when that is in this shop; else their account."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("accounts:overview")
