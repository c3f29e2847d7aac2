"""The journal, one account, one entry."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import JournalForm
from analytics.queries.books import journal as queries
from analytics.views.books.access import WRITE, readers_only, show
from analytics.views.books.tables import Cell, Table, amount, day, link, numbers, words
from analytics.views.chart import day_range
from analytics.views.sheets import Row, attachment
from payments.models import JournalEntry, JournalLine, LedgerAccount
from payments.services.books.chart import books_currency

ON_A_PAGE = 50
AT_ONCE = 2000
LINE_HEAD = ("date", "entry", "kind", "order", "memo", "debit", "credit", "currency", "amount")


@readers_only
def entries(request: HttpRequest) -> HttpResponse:
    """Entries, as they are searched for."""
    form = JournalForm(request.GET.dict(), now=timezone.now())
    found = queries.entries(form.which())
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Journal"),
        "here": "journal",
        "form": form,
        "period_label": _days(form),
        "table": _entry_table(page),
        "page": page,
        "page_url": f"{link('journal')}?{_query(request)}&page=",
        "add_url": link("entry_new") if request.user.has_perm(WRITE) else "",
        "export_url": link("export", **form.query()),
    }
    return show(request, "journal", context, status=200 if form.is_valid() else 400)


def _entry_table(rows: Iterable[Any]) -> Table:
    return Table(
        label=_("Journal"),
        columns=[
            *words(_("Entry"), _("Date"), _("Kind"), _("Order"), _("What for")),
            *numbers(_("Amount")),
        ],
        rows=[
            [
                Cell(row.source, link("entry", row.pk)),
                Cell(day(row.on)),
                Cell(row.get_kind_display()),
                order_cell(row),
                Cell(row.memo),
                amount(row.moved, row.currency),
            ]
            for row in rows
        ],
    )


def order_cell(entry: JournalEntry) -> Cell:
    if entry.order is None:
        return Cell("")
    return Cell(entry.order.number, link("journal", order=entry.order.number))


@readers_only
def account(request: HttpRequest, code: str) -> HttpResponse:
    """An account's lines with the balance after each."""
    found = get_object_or_404(LedgerAccount, code=code)
    form = JournalForm(request.GET.dict(), now=timezone.now())
    which = form.which()
    lines = queries.account_lines(found, which)
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": str(found),
        "here": "balance",
        "form": form,
        "period_label": _days(form),
        "table": _line_table(list(page), with_balance=not which.is_narrow),
        "page": page,
        "page_url": f"{link('account', code)}?{_query(request)}&page=",
        "csv_url": f"{link('account_csv', code)}?{_query(request)}",
    }
    return show(request, "journal", context, status=200 if form.is_valid() else 400)


@readers_only
def account_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    found = get_object_or_404(LedgerAccount, code=code)
    form = JournalForm(request.GET.dict(), now=timezone.now())
    lines = queries.account_lines(found, form.which())
    return attachment(request, f"account-{code}.csv", LINE_HEAD, _cells(lines.iterator(AT_ONCE)))


def _line_table(rows: Sequence[JournalLine], *, with_balance: bool) -> Table:
    """with_balance: the account's after each line; not where lines are left out."""
    currency = books_currency()
    balances = queries.balances_after(rows) if with_balance else [None] * len(rows)
    return Table(
        label=_("Lines"),
        columns=[
            *words(_("Entry"), _("Date"), _("Kind"), _("Order"), _("What for")),
            *numbers(_("Debit"), _("Credit")),
            *(numbers(_("Balance")) if with_balance else []),
        ],
        rows=[
            [
                Cell(line.entry.source, link("entry", line.entry_id)),
                Cell(day(line.entry.on)),
                Cell(line.entry.get_kind_display()),
                order_cell(line.entry),
                Cell(line.entry.memo),
                *sides(line.base, currency),
                *([] if balance is None else [amount(balance, currency)]),
            ]
            for line, balance in zip(rows, balances, strict=True)
        ],
    )


def sides(value: Decimal, currency: str) -> Sequence[Cell]:
    """An amount on the side it belongs to."""
    empty = Cell("", is_number=True)
    shown = amount(abs(value), currency)
    return (shown, empty) if value > 0 else (empty, shown)


@readers_only
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: its lines, what it reverses or was reversed by, and where it came from."""
    found = get_object_or_404(
        JournalEntry.objects.select_related("order", "actor", "reverses", "reversed_by"), pk=pk
    )
    undone_by = getattr(found, "reversed_by", None)
    may_reverse = request.user.has_perm(WRITE) and undone_by is None and found.reverses is None
    context = {
        "title": found.source,
        "here": "journal",
        "entry": found,
        "facts": _facts(found, undone_by),
        "table": _lines_of(found),
        "reverse_url": link("entry_reverse", pk) if may_reverse else "",
    }
    return show(request, "entry", context)


def _facts(entry: JournalEntry, undone_by: JournalEntry | None) -> list[tuple[str, Cell]]:
    facts = [
        (_("Kind"), Cell(entry.get_kind_display())),
        (_("Date"), Cell(day(entry.on))),
        (_("Order"), order_cell(entry)),
        (_("What for"), Cell(entry.memo)),
        (_("By"), Cell(str(entry.actor or ""))),
        (_("Currency"), Cell(f"{entry.currency} × {entry.rate.normalize():f}")),
        (_("Reverses"), _named(entry.reverses)),
        (_("Reversed by"), _named(undone_by)),
    ]
    return [(name, cell) for name, cell in facts if cell.text]


def _named(entry: JournalEntry | None) -> Cell:
    return Cell(entry.source, link("entry", entry.pk)) if entry else Cell("")


def _lines_of(entry: JournalEntry) -> Table:
    currency = books_currency()
    lines = entry.lines.select_related("account").order_by("pk")
    return Table(
        label=_("Lines"),
        columns=[
            *words(_("Account"), _("Tax")),
            *numbers(_("Debit"), _("Credit"), _("In %(currency)s") % {"currency": currency}),
        ],
        rows=[
            [
                Cell(str(line.account), link("account", line.account.code, order=_order(entry))),
                Cell(_tax(line)),
                *sides(line.amount or line.base, entry.currency if line.amount else currency),
                amount(line.base, currency),
            ]
            for line in lines
        ],
    )


def _order(entry: JournalEntry) -> str:
    return entry.order.number if entry.order else ""


def _tax(line: JournalLine) -> str:
    if line.tax_rate is None:
        return ""
    place = " ".join(filter(None, (line.country, line.region)))
    return f"{place} {line.tax_rate.normalize():f}%"


def _cells(lines: Iterable[JournalLine]) -> Iterator[Row]:
    for line in lines:
        entry = line.entry
        row = (entry.on, entry.source, entry.kind, _order(entry), entry.memo)
        yield (
            *row,
            max(line.base, Decimal(0)),
            max(-line.base, Decimal(0)),
            entry.currency,
            line.amount,
        )


def _days(form: JournalForm) -> str:
    period = form.period()
    if form.first() is None:
        return _("Until %(day)s") % {"day": day_range(period.last, period.last)}
    return day_range(period.first, period.last)


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
