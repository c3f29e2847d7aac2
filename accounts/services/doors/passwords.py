"""A password that could be guessed from where it is used is none."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

SHORTEST = 4


class NotAboutTheShop:
    """Refuses passwords that are little more than the shop's name or one's own address."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = _letters(password)
        for word in sorted(_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < SHORTEST and rest != _letters(password):
            raise ValidationError(
                _("This password is mostly the shop's name or your own."), code="password_context"
            )

    def get_help_text(self) -> str:
        return _("Not the shop's name, and not your own.")


def _words(user: User | None) -> set[str]:
    """What anybody would try first."""
    texts = [settings.SHOP["name"], settings.SHOP["company"], settings.SHOP["mail_domain"]]
    if user is not None:
        texts += [user.email.replace("@", " "), user.name]
    found = {_letters(word) for text in texts for word in re.split(r"[^\w]+", text)}
    found |= {_letters(text) for text in texts}
    return {word for word in found if len(word) >= SHORTEST} | {"password", "passwort"}


def _letters(text: str) -> str:
    return re.sub(r"[^a-zäöüß]", "", text.lower())
