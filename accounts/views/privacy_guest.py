"""The same for people without an account: by a link to the address they name.

Nobody learns here whether an address is known: the answer and the work are the same for all.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import PrivacyForm
from accounts.models import PrivacyRequest
from accounts.views.frame import private
from accounts.views.privacy import can_fetch, sent
from catalog.queries.page import Seo, page_context
from shop.lib import limits
from shop.lib.limits import TooOften
from shop.processes.privacy import requests

State = PrivacyRequest.State


@private
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest) -> HttpResponse:
    """Which address, and what for."""
    form = PrivacyForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, "privacy_guest", form=form)
    if not form.is_valid():
        return _page(request, "privacy_guest", status=422, form=form)
    email = form.cleaned_data["email"]
    try:
        limits.check(request, limits.PRIVACY, target=email)
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return _page(request, "privacy_guest", status=429, form=form)
    requests.ask_as_guest(
        email=email,
        kind=form.cleaned_data["kind"],
        language=get_language() or "en-gb",
        prefix=get_script_prefix(),
        now=timezone.now(),
    )
    return _page(request, "privacy_guest", form=form, asked_for=email)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    """Behind the mailed link: looking changes nothing; the button begins."""
    now = timezone.now()
    found = requests.by_key(number=number, key=key, now=now)
    if found is None:
        return _page(request, "privacy_link", status=410, request_found=None)
    if request.method == "POST" and found.state == State.ASKED:
        found = requests.prove(request_id=found.pk, prefix=get_script_prefix(), now=now)
    return _page(
        request, "privacy_link", request_found=found, key=key, can_fetch=can_fetch(found, now)
    )


@private
@require_safe
def file(_request: HttpRequest, number: str, key: str) -> HttpResponseBase:
    found = requests.by_key(number=number, key=key, now=timezone.now())
    if found is None or not can_fetch(found, timezone.now()):
        raise Http404
    return sent(found)


@private
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """The last page of an account."""
    return _page(request, "privacy_gone")


def _page(request: HttpRequest, name: str, *, status: int = 200, **told: object) -> HttpResponse:
    frame = page_context(request, seo=Seo(title=_("Your data"), noindex=True))
    return render(request, f"accounts/{name}.html", frame | told, status=status)
