"""Months to close and to open again."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import ReasonForm
from analytics.queries.periods import shift_months
from analytics.views.books.access import CLOSE, readers_only, show, with_right
from analytics.views.books.months import month_name
from analytics.views.books.tables import Cell, Table, link, words
from payments.models import MonthClose
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day
from shop.processes.bookkeeping import closing
from shop.processes.bookkeeping.closing import Checklist, State
from shop.templatetags.shop_text import moment

MONTHS = 13
TONES = {State.BAD: "bad", State.WARNING: "warn", State.OK: "ok"}


@readers_only
def months(request: HttpRequest) -> HttpResponse:
    """The last thirteen months, and what became of each."""
    this_month = shop_day(timezone.now()).replace(day=1)
    known = {one.month: one for one in MonthClose.objects.filter(opened_at=None)}
    rows = [shift_months(this_month, -back) for back in range(MONTHS)]
    may_close = request.user.has_perm(CLOSE)
    context = {
        "title": _("Months"),
        "here": "months",
        "table": Table(
            label=_("Months"),
            columns=words(_("Month"), _("Books"), _("Closed"), _("By")),
            rows=[_month(month, known.get(month), may_close=may_close) for month in rows],
        ),
        "past": _past(),
    }
    return show(request, "months", context)


def _month(month: dt.date, closed: MonthClose | None, *, may_close: bool) -> list[Cell]:
    url = link("month", f"{month:%Y-%m}") if may_close else ""
    if closed is None:
        return [Cell(month_name(month), url), Cell(_("Open")), Cell(""), Cell("")]
    return [
        Cell(month_name(month), url),
        Cell(_("Closed"), tone="ok"),
        Cell(moment(closed.closed_at)),
        Cell(str(closed.closed_by or "")),
    ]


def _past() -> Table:
    """Months that were opened again, and why."""
    rows = MonthClose.objects.filter(opened_at__isnull=False).select_related("opened_by")
    return Table(
        label=_("Opened again"),
        columns=words(_("Month"), _("Opened"), _("By"), _("Why")),
        rows=[
            [
                Cell(month_name(one.month)),
                Cell(moment(one.opened_at)),
                Cell(str(one.opened_by or "")),
                Cell(one.reason),
            ]
            for one in rows.order_by("-opened_at")[:50]
        ],
    )


@with_right(CLOSE)
def month(request: HttpRequest, month: str) -> HttpResponse:
    """What to look at before a month is closed; closing it, or opening it again."""
    first = _first_day(month)
    is_closed = MonthClose.objects.filter(month=first, opened_at=None).exists()
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data) if is_closed else None
    problems: list[str] = []
    if data is not None and (form is None or form.is_valid()):
        try:
            words = _change(request, first, form)
        except Refused as refusal:
            problems = [refusal.message]
        else:
            messages.success(request, words)
            return HttpResponseRedirect(link("months"))
    context = {
        "title": month_name(first),
        "here": "months",
        "form": form,
        "is_closed": is_closed,
        "errors": problems,
        **({} if is_closed else _steps(closing.checklist(month=first, now=timezone.now()))),
    }
    return show(request, "month", context, status=400 if data is not None else 200)


def _first_day(month: str) -> dt.date:
    try:
        return dt.datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
    except ValueError:
        raise Http404 from None


def _change(request: HttpRequest, first: dt.date, form: ReasonForm | None) -> str:
    now, actor = timezone.now(), request.user
    if form is None:
        closing.close_month(month=first, actor=actor, now=now)  # type: ignore[arg-type]
        return _("%(month)s is closed.") % {"month": month_name(first)}
    reason = form.cleaned_data["reason"]
    closing.reopen(month=first, reason=reason, actor=actor, now=now)  # type: ignore[arg-type]
    return _("%(month)s is open again.") % {"month": month_name(first)}


def _steps(found: Checklist) -> dict[str, object]:
    names = {State.BAD: _("Stands in the way"), State.WARNING: _("Look at it"), State.OK: _("Fine")}
    table = Table(
        label=_("Before closing"),
        columns=words(_("What"), _("How it is")),
        rows=[
            [
                Cell(step.words, _page(step.name)),
                Cell(names[step.state], tone=TONES[step.state]),
            ]
            for step in found.steps
        ],
    )
    return {"table": table, "can_close": found.can_close}


def _page(name: str) -> str:
    if name == "bank":
        return f"{reverse('admin:payments_bankline_changelist')}?status__exact=open"
    return link(name)
