"""Sign-ins and factors are seen on the person's page; allauth's own pages would show secrets."""

from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services import customers, roles
from accounts.services.doors import rescue

OPEN = (
    *(EmailAddress, EmailConfirmation, Authenticator),
    *(SocialAccount, SocialApp, SocialToken, UserSession),
)
for model in OPEN:
    if admin.site.is_registered(model):
        admin.site.unregister(model)


def factors(user: User) -> str:
    """What opens the account, and whether its address was confirmed."""
    own = ", ".join(rescue.factors_of(user)) or _("a password alone")
    proved = _("address confirmed") if customers.has_proved(user) else _("address not confirmed")
    return f"{own}; {proved}"


def actions(request: HttpRequest) -> dict[str, Any]:
    """What may be done to people's doors: by owners alone."""
    if not isinstance(request.user, User) or not roles.is_owner(request.user):
        return {}
    name = "take_factors_away"
    return {name: (_take_away, name, _("Take the second factor away"))}


def _take_away(page: Any, request: HttpRequest, rows: QuerySet[User]) -> None:
    taken = sum(
        rescue.take_factors_away(request, user=user)
        for user in rows
        if user != request.user and page.has_change_permission(request, user)
    )
    words = ngettext(
        "%(count)s person signs in by password alone now, and is told so by mail.",
        "%(count)s people sign in by password alone now, and are told so by mail.",
        taken,
    )
    page.message_user(request, words % {"count": taken})
