"""The demo's staff have a second factor everybody knows, and its code is filled in for them."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.services.doors.factors import FactorAdapter, was_used

# Printed nowhere, but as public as the demo's password. settings.DEMO never runs under a name.
SECRET = "MERCERDEMO234567MERCERDEMO234567"  # noqa: S105


def give(user: AbstractBaseUser) -> None:
    """Let somebody sign in with the demo's codes."""
    Authenticator.objects.get_or_create(
        user_id=user.pk,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": FactorAdapter().encrypt(SECRET)}},
    )


def fill_in(form: Any) -> str:
    """The code that opens now, put into the form; empty for whoever has a secret of their own."""
    if form is None or not _has_the_known_secret(form.user):
        return ""
    code = next((code for code in _codes() if not was_used(form.user.pk, code)), "")
    form.fields["code"].initial = code
    return code


def _codes() -> list[str]:
    """This half minute's code first; each opens once, so its neighbours stand in."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    reach = range(1, app_settings.TOTP_TOLERANCE + 1)
    steps = [0, *reach, *(-step for step in reach)]
    return [format_hotp_value(hotp_value(SECRET, now + step)) for step in steps]


def _has_the_known_secret(user: AbstractBaseUser) -> bool:
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return found is not None and FactorAdapter().decrypt(found.data["secret"]) == SECRET
