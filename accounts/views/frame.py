"""What all pages of an account share: who it is, and that nobody keeps them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts.models import Customer
from accounts.services import customers, visits_notice
from accounts.services.policies import to_agree
from accounts.views import links
from catalog.queries.page import Seo, page_context

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def private(view: View) -> View:
    """Nobody keeps the answer, nobody is told where one came from, and forms carry a token."""

    @never_cache
    @csrf_protect
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # A link to a new password is a key; the pages it leads to must not pass it on.
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded  # type: ignore[return-value]


def members_only(view: Callable[..., HttpResponse]) -> Any:
    """Hand over the customer; others are asked to sign in first, and come back to this page.

    Who has to agree to a policy again is led to it first.
    """

    @wraps(view)
    def asked(request: HttpRequest, customer: Customer, **parts: Any) -> HttpResponse:
        is_read = request.method in ("GET", "HEAD")
        is_looked_at = getattr(request, "viewer", None) is not None
        if is_read and not is_looked_at and to_agree(customer=customer, now=timezone.now()):
            wanted = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('accounts:policies')}?{wanted}")
        return view(request, customer, **parts)

    return known_only(asked)


def known_only(view: Callable[..., HttpResponse]) -> Any:
    """The same without asking anything: for policies themselves, and the way out."""

    @private
    @wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        customer = customers.of_user(request.user)
        if customer is None:
            is_read = request.method in ("GET", "HEAD")
            wanted = request.get_full_path() if is_read else reverse("accounts:overview")
            return redirect(_elsewhere(request, wanted))
        return view(request, customer, **parts)

    return guarded


def _elsewhere(request: HttpRequest, wanted: str) -> str:
    """Strangers sign in; whoever is signed in without being a customer works here."""
    if getattr(request.user, "is_staff", False):
        return reverse("admin:index")
    if request.user.is_authenticated:
        return reverse("catalog:home")
    return f"{reverse('account_login')}?{urlencode({'next': wanted})}"


def page(
    request: HttpRequest, name: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    frame = page_context(request, seo=Seo(title=title, noindex=True))
    frame |= {
        "links": links.of(request),
        "visits_words": visits_notice.words_for(request.user, now=timezone.now()),
        "here": request.get_full_path(),
    }
    return render(request, f"accounts/{name}.html", frame | context, status=status)


def next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go, when that is in this shop; else their account."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("accounts:overview")
