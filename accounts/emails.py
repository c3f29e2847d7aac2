"""Letters about somebody's account."""

from django.conf import settings
from django.urls import reverse, set_script_prefix

from accounts.models import User
from accounts.services import customers
from shop.outbox.mail import Letter


def password_link(
    user: User, *, prefix: str, language: str, is_invitation: bool, key: str
) -> Letter:
    """The way to a new password. What staff can read of it later has no working link."""
    who, proof = customers.link_parts(user)
    set_script_prefix(prefix)
    try:
        path = reverse("accounts:password_new", args=[who, proof])
    finally:
        set_script_prefix("/")
    return Letter(
        kind="accounts/password_link",
        to=user.email,
        key=key,
        reference=f"user-{user.pk}",
        language=language,
        context={"url": f"{settings.SITE_URL}{path}", "is_invitation": is_invitation},
        secret=proof,
    )
