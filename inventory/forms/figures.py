"""Figures and dates from fields that a page writes itself, one for every row of a list."""

import datetime as dt
import re
from uuid import UUID

from django.utils.translation import gettext as _

from shop.lib.errors import Refused

MOST = 999_999
FIGURE = re.compile(r"[0-9]{1,6}")
ID = re.compile(r"[0-9]{1,18}")


class BadFigure(Refused):
    """Raised for what is no number of units, or no date."""


def units(text: str | None) -> int | None:
    """Units from what was typed; None when nothing was. Raises BadFigure."""
    text = (text or "").strip()
    if not text:
        return None
    if not FIGURE.fullmatch(text):
        raise BadFigure(_("“%(text)s” is no number of units.") % {"text": text[:20]})
    return int(text)


def day(text: str | None) -> dt.date | None:
    """A day from a date field; None when it is empty. Raises BadFigure."""
    text = (text or "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadFigure(_("“%(text)s” is no date.") % {"text": text[:20]}) from error


def ids(texts: list[str]) -> list[int]:
    """Row ids among what was ticked; what is none is passed over."""
    return [int(text) for text in texts if ID.fullmatch(text)]


def one_id(text: str | None) -> int | None:
    found = ids([text or ""])
    return found[0] if found else None


def key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
