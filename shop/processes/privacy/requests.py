"""Requests for everything about somebody, or to be forgotten: asked, proved, worked on."""

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.models import Customer, PrivacyRequest
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post

Kind, State = PrivacyRequest.Kind, PrivacyRequest.State
# How long the mailed link proves an address, and how long a file waits to be fetched.
LINK_HOLDS = dt.timedelta(hours=24)
FILE_HOLDS = dt.timedelta(days=7)


@transaction.atomic
def ask_signed_in(
    *, customer: Customer, kind: str, language: str, now: dt.datetime
) -> PrivacyRequest:
    """Somebody asks for their own record; it is worked on at once. Asked twice, it is one."""
    locked(Customer.objects.filter(pk=customer.pk))
    known = customer.privacy_requests.filter(kind=kind, state__in=[State.PROVED, State.WORKING])
    if found := known.first():
        return found
    request = PrivacyRequest.objects.create(
        number=_number(),
        kind=kind,
        state=State.PROVED,
        customer=customer,
        language=language,
        asked_at=now,
        proved_at=now,
    )
    _owe_work(request, prefix="/", now=now)
    return request


@transaction.atomic
def ask_as_guest(
    *, email: str, kind: str, language: str, prefix: str, now: dt.datetime
) -> PrivacyRequest:
    """Somebody names an address. Whoever reads its mail gets the link, known to us or not.

    So nobody learns here whether we know it.
    """
    request = PrivacyRequest.objects.create(
        number=_number(),
        kind=kind,
        email=email.strip().lower(),
        language=language,
        asked_at=now,
        expires_at=now + LINK_HOLDS,
    )
    payload = {"request_id": request.pk, "prefix": prefix}
    post(topic="privacy.mail_link", key=f"privacy-link-{request.pk}", payload=payload, now=now)
    delivery.ring()
    return request


def new_key(request: PrivacyRequest) -> str:
    """A key for the mail that is being written; older ones open nothing any more."""
    key = secrets.token_urlsafe(32)
    request.key_hash = digest(key)
    request.save(update_fields=["key_hash"])
    return key


def by_key(*, number: str, key: str, now: dt.datetime) -> PrivacyRequest | None:
    """The request a mailed link is for; None when it does not hold (any more)."""
    found = PrivacyRequest.objects.filter(number=number).exclude(key_hash="").first()
    if found is None or not constant_time_compare(found.key_hash, digest(key)):
        return None
    return None if found.expires_at is not None and found.expires_at <= now else found


@transaction.atomic
def prove(*, request_id: int, prefix: str, now: dt.datetime) -> PrivacyRequest:
    """The address is theirs: begin. Pressed twice, it begins once."""
    request = locked(PrivacyRequest.objects.filter(pk=request_id))[0]
    if request.state != State.ASKED:
        return request
    request.state, request.proved_at = State.PROVED, now
    request.customer = Customer.objects.filter(email__iexact=request.email).first()
    request.save(update_fields=["state", "proved_at", "customer"])
    _owe_work(request, prefix=prefix, now=now)
    return request


def expire(*, now: dt.datetime) -> int:
    """Close links nobody followed, and forget whose they were."""
    late = PrivacyRequest.objects.filter(state=State.ASKED, expires_at__lte=now)
    return late.update(state=State.EXPIRED, email="", key_hash="", done_at=now)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _number() -> str:
    return f"P-{secrets.token_hex(5).upper()}"


def _owe_work(request: PrivacyRequest, *, prefix: str, now: dt.datetime) -> None:
    topic = "privacy.erase" if request.kind == Kind.ERASE else "privacy.export"
    payload: dict[str, object] = {"request_id": request.pk}
    if request.kind == Kind.EXPORT:
        payload["prefix"] = prefix
    post(topic=topic, key=f"privacy-work-{request.pk}", payload=payload, now=now)
    delivery.ring()
