"""Codes as staff type them into a list: countries, beginnings of postcodes."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def in_capitals(typed: Iterable[str] | None, *, length: int = 0) -> list[str]:
    """Each once, in capitals. length: how long each has to be, 0 for any. Raises ValidationError."""
    found = list(dict.fromkeys(one.strip().upper() for one in typed or () if one.strip()))
    wrong = [one for one in found if length and (len(one) != length or not one.isalpha())]
    if wrong:
        words = _("Write countries with two letters, such as GB: %(wrong)s is none.")
        raise ValidationError(words % {"wrong": wrong[0]})
    return found
