"""Profit and loss, and cash flow, month by month."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from babel.dates import format_date
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import YearForm
from analytics.queries.books import months as queries
from analytics.queries.books.months import Kind, Row
from analytics.queries.periods import DAY, shift_months
from analytics.views.books.access import readers_only, show
from analytics.views.books.tables import (
    Cell,
    Column,
    Table,
    account_url,
    amount,
    amounts,
    link,
    numbers,
    words,
)
from analytics.views.chart import day_range
from analytics.views.sheets import Row as FileRow
from analytics.views.sheets import attachment
from payments.models import JournalEntry
from payments.services.books.chart import books_currency
from shop.lib.money import ZERO
from shop.templatetags.shop_text import current_locale

YEAR = 12


def month_name(month: dt.date) -> str:
    """ "Nov 2026"."""
    return str(format_date(month, "MMM y", locale=current_locale()))


@readers_only
def profit(request: HttpRequest) -> HttpResponse:
    """What was earned and spent, month by month, beside the twelve months before."""
    return _report(request, "profit", _("Profit and loss"), _profit_table)


@readers_only
def cash(request: HttpRequest) -> HttpResponse:
    """The money that came and went, by what it was for."""
    return _report(request, "cash", _("Cash flow"), _cash_table)


def _report(
    request: HttpRequest, name: str, title: str, table: Callable[[dt.date], Table]
) -> HttpResponse:
    form = YearForm(request.GET.dict(), now=timezone.now())
    first = form.first()
    context = {
        "title": title,
        "here": name,
        "form": form,
        "period_label": day_range(first, shift_months(first, YEAR) - DAY),
        "table": table(first),
        "csv_url": link("months_csv", name, month=f"{first:%Y-%m}"),
    }
    return show(request, "report", context, status=200 if form.is_valid() else 400)


@readers_only
def months_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    found = {"profit": queries.results, "cash": queries.flows}.get(name)
    form = YearForm(request.GET.dict(), now=timezone.now())
    if found is None or not form.is_valid():
        raise Http404
    first = form.first()
    months = [f"{month:%Y-%m}" for month in queries.months_of(first)]
    head = ("number", "account", "kind", "cause", "currency", *months, "total", "year_before")
    return attachment(request, f"{name}-{first:%Y-%m}.csv", head, _cells(found(first)))


def _cells(rows: Sequence[Row]) -> Iterator[FileRow]:
    currency = books_currency()
    for row in rows:
        one = (row.account.code, row.account.name, row.account.kind, row.cause, currency)
        yield (*one, *row.months, row.total, row.before)


def _columns(first: dt.date, *names: str) -> list[Column]:
    months = [month_name(month) for month in queries.months_of(first)]
    return [*words(*names), *numbers(*months, _("Together"), _("Twelve months before"))]


def _profit_table(first: dt.date) -> Table:
    rows = queries.results(first)
    groups = [(Kind.INCOME, _("Income")), (Kind.EXPENSE, _("Expenses"))]
    shown: list[list[Cell]] = []
    for kind, name in groups:
        some = [row for row in rows if row.account.kind == kind]
        shown += [_row([Cell(str(row.account))], row, first) for row in some]
        shown.append(_sum_row([Cell(name)], some))
    return Table(
        label=_("Profit and loss"),
        columns=_columns(first, _("Account")),
        rows=shown,
        foot=[_sum_row([Cell(_("Result"))], rows)],
    )


def _row(head: list[Cell], row: Row, first: dt.date, **more: str) -> list[Cell]:
    currency = books_currency()
    months = zip(row.months, queries.months_of(first), strict=True)
    cells = [
        amount(
            value,
            currency,
            account_url(row.account.code, month, queries.last_day(month), **more) if value else "",
        )
        for value, month in months
    ]
    return [*head, *cells, *amounts((row.total, row.before), currency)]


def _sum_row(head: list[Cell], rows: Sequence[Row]) -> list[Cell]:
    return [*head, *amounts(_sums(rows), books_currency())]


def _sums(rows: Sequence[Row]) -> list[Decimal]:
    months = [sum((row.months[number] for row in rows), ZERO) for number in range(YEAR)]
    before = sum((row.before for row in rows), ZERO)
    return [*months, sum(months, ZERO), before]


def _cash_table(first: dt.date) -> Table:
    rows = queries.flows(first)
    causes = dict(JournalEntry.Kind.choices)
    months = queries.months_of(first)
    opening = queries.balances_of_money([*months, shift_months(first, YEAR)])
    currency = books_currency()
    return Table(
        label=_("Cash flow"),
        columns=_columns(first, _("Where"), _("What for")),
        rows=[
            [Cell(_("Money at the beginning")), Cell(""), *_balances(months, opening, currency)],
            *(
                _row(
                    [Cell(str(row.account)), Cell(causes.get(row.cause, row.cause))],
                    row,
                    first,
                    kind=row.cause,
                )
                for row in rows
            ),
        ],
        foot=[
            _sum_row([Cell(_("Change")), Cell("")], rows),
            [
                *(Cell(_("Money at the end")), Cell("")),
                *_balances([shift_months(month, 1) for month in months], opening, currency),
            ],
        ],
    )


def _balances(days: Sequence[dt.date], known: dict[dt.date, Decimal], currency: str) -> list[Cell]:
    empty = Cell("", is_number=True)
    return [*(amount(known[day], currency) for day in days), empty, empty]
