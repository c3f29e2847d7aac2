"""The doors: allauth's pages in the shop's frame, and what happens when somebody goes through."""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from allauth.account import urls as account_urls
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import urls as mfa_urls
from allauth.socialaccount import urls as social_urls
from allauth.urls import build_provider_urlpatterns
from allauth.usersessions import urls as session_urls
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.services.doors import demo, factors, record, tries, words
from accounts.services.doors.titles import ACTS, SAFETY, TITLES
from accounts.views import links
from accounts.views.arriving import arrived, left
from accounts.views.frame import private
from catalog.queries.page import Seo, page_context
from shop.lib.http import only_reads

View = Callable[..., HttpResponse]
# Setting one up shows it: nobody is asked for a second code in the same minute.
SET_UP = {"mfa_activate_totp": "totp", "mfa_add_webauthn": "webauthn"}


def framed(view: View, name: str) -> View:
    """One of allauth's views as one of ours."""

    @private
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tries.before(request, name)
        before = _who(request)
        if name == "mfa_remove_webauthn" and not factors.may_remove(before, **kwargs):
            messages.error(request, str(words.ERRORS["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            _frame(request, response, name)
        _follow(request, response, before, name)
        return response

    return door


def _frame(request: HttpRequest, response: TemplateResponse, name: str) -> None:
    context: dict[str, Any] = response.context_data or {}
    form = context.get("form")
    if form is not None and form.is_bound and form.errors and request.method == "POST":
        response.status_code = 422
        tries.missed(request, name)
    if settings.DEMO and name in ("mfa_authenticate", "mfa_reauthenticate"):
        context["demo_code"] = demo.fill_in(form)
    title = str(TITLES.get(name, SAFETY))
    context |= page_context(request, seo=Seo(title=title, noindex=True)) | {"heading": title}
    context["links"] = links.of(request)
    # Providers are offered only with their keys.
    context["offers_social"] = bool(settings.SOCIALACCOUNT_PROVIDERS)
    response.context_data = context


def _follow(request: HttpRequest, response: HttpResponse, before: User | None, name: str) -> None:
    """What a change of person brings with it."""
    after = _who(request)
    if after is not None and before != after:
        arrived(request, response, after)
    elif before is not None and after is None:
        left(response)
    elif after is not None and request.method == "POST" and response.status_code == 302:
        if name in SET_UP:
            told = {"type": SET_UP[name], "reauthenticated": True}
            record_authentication(request, after, method="mfa", **told)
        if name in ACTS:
            record.note(request, ACTS[name], after)


def _who(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@private
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out. Somebody else's is not there."""
    user = _who(request)
    if user is None:
        return redirect("account_login")
    get_object_or_404(UserSession, pk=pk, user=user).end()
    record.note(request, "session ended", user)
    return redirect("usersessions_list")


def moved(name: str) -> View:
    """An address of before leads to the page that took its place; what it was asked comes along."""

    def lead_on(request: HttpRequest, **_old: str) -> HttpResponse:
        query = request.GET.urlencode()
        return redirect(reverse(name) + (f"?{query}" if query else ""))

    return only_reads(lead_on)


def patterns() -> list[URLPattern | URLResolver]:
    """Allauth's addresses; those of other services only when their keys are set."""
    parts: list[tuple[str, Sequence[Any]]] = [
        ("", account_urls.urlpatterns),
        ("2fa/", mfa_urls.urlpatterns),
        ("sessions/", session_urls.urlpatterns),
    ]
    if settings.SOCIALACCOUNT_PROVIDERS:
        parts += [("3rdparty/", social_urls.urlpatterns), ("", build_provider_urlpatterns())]
    return [
        path("sessions/<int:pk>/end/", session_end, name="session_end"),
        *(path(prefix, (list(_framed(found)), None, None)) for prefix, found in parts),
    ]


def _framed(found: Sequence[Any]) -> Iterator[URLPattern | URLResolver]:
    for one in found:
        if isinstance(one, URLResolver):
            yield URLResolver(one.pattern, list(_framed(one.url_patterns)), one.default_kwargs)
        else:
            view = framed(one.callback, one.name)
            yield URLPattern(one.pattern, view, one.default_args, one.name)
