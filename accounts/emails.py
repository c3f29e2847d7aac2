"""Letters about somebody's account."""

import datetime as dt
from typing import Any

from django.urls import set_script_prefix

from accounts.models import User
from accounts.services import customers
from accounts.services.doors import letters, words
from shop.outbox.mail import Letter


def invitation(user: User, *, prefix: str, language: str, key: str) -> Letter:
    """The way to a password. What staff can read of it later has no working link."""
    who, proof = customers.password_key(user)
    set_script_prefix(prefix)
    try:
        url = customers.password_url(who=who, proof=proof)
    finally:
        set_script_prefix("/")
    return Letter(
        kind="accounts/password_link",
        to=user.email,
        key=key,
        reference=f"user-{user.pk}",
        language=language,
        context={"url": url, "is_invitation": True},
        secret=proof,
    )


def door_letter(*, key: str, sealed: str) -> Letter:
    """A letter that was owed by the doors."""
    told = letters.opened(sealed)
    return Letter(
        kind=told["kind"],
        to=told["to"],
        key=key,
        reference=told["reference"],
        language=told["language"],
        context=_readable(told["context"]),
        secret=told["secret"],
    )


def _readable(context: dict[str, Any]) -> dict[str, Any]:
    """A notice says what happened in words, and when by the clock."""
    if "notice" not in context:
        return context
    what = words.NOTICES.get(context["notice"], words.SOMETHING)
    return {**context, "what": what, "at": dt.datetime.fromisoformat(context["at"])}
