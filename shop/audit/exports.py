"""Files that leave the shop say who took them, and the log says so, too."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone

from shop.audit.models import Entry
from shop.audit.services import noted
from shop.lib.csvfiles import MARK


def taken(request: HttpRequest, *, act: str, count: int | None = None) -> str:
    """Write down that somebody takes this file; give the words that belong into it.

    act: the file's name; count: how many rows are in it, where that is known.
    """
    now = timezone.now()
    noted(request, kind=Entry.Kind.EXPORT, act=act, count=count, now=now)
    return mark_of(request.user, now)


def mark_of(person: AbstractBaseUser | AnonymousUser | None, now: dt.datetime) -> str:
    """The words that belong into a file."""
    who = person.get_username() if person is not None and person.is_authenticated else "?"
    return f"{MARK} {who} on {now:%Y-%m-%d %H:%M} UTC"


def marked(pieces: Iterable[str], mark: str) -> Iterator[str]:
    """The pieces of a CSV file, and the mark as its last line: column names stay where they are."""
    yield from pieces
    yield marked_line(mark)


def marked_line(mark: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([mark])
    return line.getvalue()
