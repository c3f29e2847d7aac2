"""Letters about somebody's own data. A key in a link is made while its letter is written."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse, set_script_prefix

from accounts.models import PrivacyRequest
from shop.outbox.mail import Letter
from shop.processes.privacy import requests


def link(request: PrivacyRequest, *, prefix: str) -> Letter:
    """Prove that this address is yours."""
    key = requests.new_key(request)
    path = _within(prefix, "privacy_link", request.number, key)
    is_erasing = request.kind == PrivacyRequest.Kind.ERASE
    context = {"url": urljoin(settings.SITE_URL, path), "is_erasing": is_erasing}
    return _letter(request, "link", request.email, context, secret=key)


def ready(request: PrivacyRequest, *, prefix: str) -> Letter | None:
    """The file can be fetched: by a key for a guest, signed in for an account."""
    if request.email:
        key = requests.new_key(request)
        path = _within(prefix, "privacy_link", request.number, key)
        url, secret, to = urljoin(settings.SITE_URL, path), key, request.email
    else:
        path = _within(prefix, "accounts:privacy")
        url, secret, to = urljoin(settings.SITE_URL, path), "", _address(request)
    context = {"url": url, "until": request.expires_at}
    return _letter(request, "ready", to, context, secret=secret) if to else None


def refused(request: PrivacyRequest) -> Letter | None:
    """Why somebody can't be forgotten yet."""
    to = request.email or _address(request)
    context: dict[str, object] = {"reasons": request.reason.splitlines()}
    return _letter(request, "refused", to, context) if to else None


def _address(request: PrivacyRequest) -> str:
    return request.customer.email if request.customer else ""


def _letter(
    request: PrivacyRequest, kind: str, to: str, context: dict[str, object], *, secret: str = ""
) -> Letter:
    return Letter(
        kind=f"accounts/privacy_{kind}",
        to=to,
        key=f"privacy-{kind}-{request.pk}",
        reference=request.number,
        language=request.language,
        context=context,
        secret=secret,
    )


def _within(prefix: str, name: str, *parts: str) -> str:
    """The path of a page in a market."""
    set_script_prefix(prefix)
    try:
        return reverse(name, args=parts)
    finally:
        set_script_prefix("/")
