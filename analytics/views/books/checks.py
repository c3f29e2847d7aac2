"""The daily checks: does every promise hold?"""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from analytics.queries.books.checks import history, is_red
from analytics.views.books.access import readers_only, show
from analytics.views.books.tables import Cell, Table, day, link, numbers, words
from payments.models import Reconciliation
from shop.templatetags.shop_text import moment

ON_A_PAGE = 31


@readers_only
def checks(request: HttpRequest) -> HttpResponse:
    """Every night's answer to whether the numbers agree, and what was found last."""
    page = Paginator(history(), ON_A_PAGE).get_page(request.GET.get("page"))
    last = history().first()
    context = {
        "title": _("Checks"),
        "here": "checks",
        "table": _history(page),
        "page": page,
        "page_url": f"{link('checks')}?page=",
        "last": last,
        "findings": _found(last),
    }
    return show(request, "checks", context)


def _history(rows: Iterable[Reconciliation]) -> Table:
    return Table(
        label=_("Checks"),
        columns=[*words(_("Day"), _("Answer"), _("Ran")), *numbers(_("Promises"), _("Findings"))],
        rows=[
            [
                Cell(day(one.day)),
                _answer(one),
                Cell(moment(one.ran_at)),
                Cell(str(one.promises), is_number=True),
                Cell(str(len(one.findings)), is_number=True),
            ]
            for one in rows
        ],
    )


def _answer(one: Reconciliation) -> Cell:
    if is_red(one):
        return Cell(_("Broken"), tone="bad")
    if one.findings:
        return Cell(_("Look at it"), tone="warn")
    return Cell(_("All hold"), tone="ok")


def _found(last: Reconciliation | None) -> list[dict[str, object]]:
    """What the last check found, each with the rows to look at first."""
    return [
        {
            "name": one["name"],
            "rule": one["rule"],
            "count": one["count"],
            "tone": "bad" if one["level"] == "broken" else "warn",
            "examples": [
                ", ".join(f"{key} {value}" for key, value in example.items())
                for example in one["examples"]
            ],
        }
        for one in (last.findings if last else [])
    ]
