"""What people look for, wait for and wish for: what to buy next."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from analytics.forms.stock import PiecesForm, WordsForm
from analytics.queries.stock import wanted
from analytics.views.stock.fields import Field, on, pieces, text, units
from analytics.views.stock.report import Ask, Report, narrowed

SINCE = dt.timedelta(days=90)


def _searches(ask: Ask) -> Any:
    rows = wanted.searches(since=ask.today - SINCE)
    words = ask.form.asked("q")
    return rows.filter(text__icontains=words) if words else rows


def _search_fields(_ask: Ask) -> Sequence[Field]:
    def behind(row: Any) -> str:
        page = reverse("admin:catalog_searchcount_changelist")
        return f"{page}?{urlencode({'q': row['text']})}"

    return [
        text("searched_for", _("Searched for"), lambda row: row["text"], behind),
        units("times", _("Times"), lambda row: row["times"]),
        on("last", _("Last"), lambda row: row["last"]),
    ]


def _requests(ask: Ask) -> Any:
    return narrowed(wanted.requests(), ask.form)


def _wishes(ask: Ask) -> Any:
    return narrowed(wanted.wishes(), ask.form)


def _people_fields(_ask: Ask) -> Sequence[Field]:
    return [
        *pieces(),
        units("people", _("People"), lambda row: row.people),
        units("available", _("Available"), lambda row: row.free),
        on("last", _("Last asked"), lambda row: row.last),
    ]


SEARCHES = Report(
    name="searches",
    title=_("Searched for, not found"),
    note=_("What people typed in the past 90 days and found nothing for."),
    rows=_searches,
    fields=_search_fields,
    form=WordsForm,
    nothing=_("Every search found something."),
)
REQUESTS = Report(
    name="requests",
    title=_("Waited for"),
    note=_("Pieces that people asked to be told of once they are back."),
    rows=_requests,
    fields=_people_fields,
    form=PiecesForm,
    nothing=_("Nobody waits for a piece."),
)
WISHES = Report(
    name="wishes",
    title=_("Wished for"),
    note=_("Pieces on wish lists."),
    rows=_wishes,
    fields=_people_fields,
    form=PiecesForm,
    nothing=_("No piece is on a wish list."),
)
