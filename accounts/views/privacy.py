"""Somebody's own data: a copy of all of it, or an end to it. From the account, without staff."""

import datetime as dt

from allauth.account.decorators import reauthentication_required
from django.contrib import auth
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Customer, PrivacyRequest
from accounts.views.arriving import left
from accounts.views.frame import known_only, page
from shop.lib import limits
from shop.processes.privacy import owing, requests
from shop.processes.privacy.person import of_customer

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
MOST = 20


@known_only
@require_safe
def privacy(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What was asked for, and what can be."""
    now = timezone.now()
    asked = customer.privacy_requests.order_by("-asked_at", "-pk")[:MOST]
    title = _("Your data")
    return page(
        request,
        "privacy",
        title=title,
        heading=title,
        requests=[{"one": one, "can_fetch": can_fetch(one, now)} for one in asked],
    )


@known_only
@require_POST
def privacy_export(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Ask for everything. Raises TooOften."""
    limits.check(request, limits.PRIVACY, target=f"customer-{customer.pk}")
    requests.ask_signed_in(
        customer=customer, kind=Kind.EXPORT, language=_language(), now=timezone.now()
    )
    return redirect("accounts:privacy")


@known_only
@reauthentication_required  # type: ignore[untyped-decorator]
@require_safe
def privacy_file(request: HttpRequest, customer: Customer, number: str) -> HttpResponseBase:
    """The file, for its owner and nobody else."""
    found = customer.privacy_requests.filter(number=number, kind=Kind.EXPORT).first()
    # Staff who look at the shop as somebody see pages, and take no files.
    is_looked_at = getattr(request, "viewer", None) is not None
    if found is None or is_looked_at or not can_fetch(found, timezone.now()):
        raise Http404
    return sent(found)


@known_only
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_erase(request: HttpRequest, customer: Customer) -> HttpResponse:
    """Say what will happen, or why it can't yet; then do it, and sign out."""
    reasons = owing.reasons(of_customer(customer))
    if request.method != "POST" or reasons:
        title = _("Close your account and forget you")
        status = 409 if request.method == "POST" else 200
        told = {"heading": title, "reasons": reasons}
        return page(request, "privacy_erase", title=title, status=status, **told)
    requests.ask_signed_in(
        customer=customer, kind=Kind.ERASE, language=_language(), now=timezone.now()
    )
    auth.logout(request)
    response = redirect("privacy_gone")
    left(response)
    return response


def can_fetch(one: PrivacyRequest, now: dt.datetime) -> bool:
    return bool(one.file) and one.expires_at is not None and one.expires_at > now


def sent(one: PrivacyRequest) -> FileResponse:
    """The file as a download."""
    file = default_storage.open(str(one.file.name), "rb")
    response = FileResponse(file, as_attachment=True, filename=f"{one.number}.zip")
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _language() -> str:
    return get_language() or "en-gb"
