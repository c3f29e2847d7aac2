"""Somebody lost their device and their codes: an owner lets them begin anew, on record."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.doors import letters, record
from shop.audit import services as audit
from shop.audit.models import Entry


@transaction.atomic
def take_factors_away(request: HttpRequest, *, user: User) -> bool:
    """Forget a person's second factors and end their sessions. False when there were none.

    The person hears of it by mail; the password alone opens then, and staff must set one up first.
    """
    gone, _by_model = Authenticator.objects.filter(user=user).delete()
    if not gone:
        return False
    for session in UserSession.objects.filter(user=user):
        session.end()
    now = timezone.now()
    audit.noted(
        request,
        kind=Entry.Kind.DOOR,
        act="second factor taken away",
        now=now,
        table=record.TABLE,
        row=str(user.pk),
    )
    letters.owe(
        kind="safety_notice",
        to=user.email,
        now=now,
        reference=f"user-{user.pk}",
        context={
            "notice": "factors_taken_away",
            "at": now.isoformat(),
            "device": "",
            "url": settings.SITE_URL + reverse("account_reset_password"),
        },
    )
    return True


def factors_of(user: User) -> list[str]:
    """What somebody shows beside the password, in words: "Passkey 1"."""
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    return [
        str(row.wrap()) if row.type == Authenticator.Type.WEBAUTHN else row.get_type_display()
        for row in rows
    ]
