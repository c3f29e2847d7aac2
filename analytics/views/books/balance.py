"""The books' first page, and the trial balance."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import DaysForm
from analytics.queries.books.balances import Balance, Owed, owed, together, trial_balance
from analytics.queries.books.checks import latest
from analytics.queries.periods import Period
from analytics.views.books.access import readers_only, show
from analytics.views.books.tables import (
    Cell,
    Table,
    account_url,
    amount,
    amounts,
    link,
    numbers,
    words,
)
from analytics.views.chart import day_range
from analytics.views.sheets import Row, attachment
from payments.services.books.chart import books_currency
from shop.lib.workdays import shop_day

HEAD = ("number", "account", "kind", "currency", "opening", "debit", "credit", "closing")


@readers_only
def index(request: HttpRequest) -> HttpResponse:
    """What others owe the shop, what it owes them, and whether all is well."""
    now = timezone.now()
    today = shop_day(now)
    return show(
        request,
        "index",
        {
            "title": _("The books"),
            "here": "index",
            "today": today,
            "table": _owed_table(owed(today), period_end=today),
            "check": latest(),
        },
    )


def _owed_table(rows: Sequence[Owed], *, period_end: object) -> Table:
    currency = books_currency()
    return Table(
        label=_("What is owed"),
        columns=[*words(_("Account")), *numbers(_("Owed to us"), _("We owe"))],
        rows=[
            [
                Cell(str(row.account), link("account", row.account.code, end=period_end)),
                amount(max(row.amount, row.amount * 0), currency),
                amount(max(-row.amount, row.amount * 0), currency),
            ]
            for row in rows
        ],
    )


@readers_only
def trial(request: HttpRequest) -> HttpResponse:
    """Every account: before, in and after a period. The sums must be zero."""
    form = DaysForm(request.GET.dict(), now=timezone.now())
    period, rows = form.period(), _rows(form)
    context = {
        "title": _("Trial balance"),
        "here": "balance",
        "form": form,
        "period_label": _label(form, period),
        "table": _trial_table(rows, form),
        "is_balanced": not together(rows).closing and not together(rows).opening,
        "csv_url": link("balance_csv", **form.query()),
    }
    return show(request, "report", context, status=200 if form.is_valid() else 400)


@readers_only
def trial_csv(request: HttpRequest) -> StreamingHttpResponse:
    form = DaysForm(request.GET.dict(), now=timezone.now())
    period = form.period()
    name = f"trial-balance-{period.first}-{period.last}.csv"
    return attachment(request, name, HEAD, _cells(_rows(form)))


def _rows(form: DaysForm) -> list[Balance]:
    return trial_balance(form.first(), form.period().last)


def _label(form: DaysForm, period: Period) -> str:
    if form.first() is None:
        return _("As of %(day)s") % {"day": day_range(period.last, period.last)}
    return day_range(period.first, period.last)


def _trial_table(rows: Sequence[Balance], form: DaysForm) -> Table:
    currency, all_of_it = books_currency(), together(rows)
    last = form.period().last
    return Table(
        label=_("Trial balance"),
        columns=[
            *words(_("Account"), _("Kind")),
            *numbers(_("Opening"), _("Debit"), _("Credit"), _("Closing")),
        ],
        rows=[
            [
                Cell(str(row.account), account_url(row.account.code, form.first(), last)),
                Cell(row.account.get_kind_display()),
                *amounts((row.opening, row.debit, row.credit, row.closing), currency),
            ]
            for row in rows
            if row.account
        ],
        foot=[
            [
                Cell(_("Together")),
                Cell(""),
                *amounts(
                    (all_of_it.opening, all_of_it.debit, all_of_it.credit, all_of_it.closing),
                    currency,
                ),
            ]
        ],
    )


def _cells(rows: Sequence[Balance]) -> Iterator[Row]:
    currency = books_currency()
    for row in rows:
        if row.account:
            one = (row.account.code, row.account.name, row.account.kind, currency)
            yield (*one, row.opening, row.debit, row.credit, row.closing)
