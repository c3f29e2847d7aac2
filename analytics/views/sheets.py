"""The panels as CSV: exact figures, ISO dates, one header line."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

from django.http import Http404, HttpRequest, StreamingHttpResponse

from analytics.forms import Question
from analytics.queries import rankings
from analytics.queries.days import Day, days, paired
from analytics.queries.sales import sales
from analytics.views.access import asked, managers_only
from catalog.queries.markets import markets
from shop.audit.exports import marked, taken

Cell = str | int | Decimal | date | None
Row = Sequence[Cell]
# A spreadsheet would take text that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@managers_only
def panel_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """One panel of the dashboard: days, products, categories, markets."""
    if name not in SHEETS:
        raise Http404
    form, question, _markets = asked(request)
    if not form.is_valid():
        raise Http404
    head, rows = SHEETS[name]
    return attachment(request, filename(name, question), head, rows(question))


def filename(name: str, question: Question) -> str:
    period = question.current
    return f"{name}-{question.market.code}-{period.first}-{period.last}.csv"


def attachment(
    request: HttpRequest, name: str, head: Sequence[str], rows: Iterable[Row]
) -> StreamingHttpResponse:
    """A CSV file that is written while it is sent; its last line and the log say who took it."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([_safe(cell) for cell in row]) for row in chain([head], rows))
    return StreamingHttpResponse(
        marked(lines, taken(request, act=name)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class _Echo:
    """A file for the csv module that hands every line back."""

    def write(self, line: str) -> str:
        return line


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _days(question: Question) -> Iterator[Row]:
    market, currency = question.market, question.market.currency
    read = sales(market, question.current, before=question.before)
    of_days = (days(market, period, read) for period in (question.current, question.before))
    for pair in paired(*of_days):
        yield (currency, *_day(pair.now), *_day(pair.before))


def _day(day: Day | None) -> Row:
    return (day.on, day.net, day.orders) if day else (None, None, None)


def _products(question: Question) -> Iterator[Row]:
    found = rankings.products(question.market, question.current, most=None)
    for one in found:
        yield (question.market.currency, one.slug, one.title, one.net, one.units, one.orders)


def _categories(question: Question) -> Iterator[Row]:
    for one in rankings.categories(question.market, question.current):
        yield (question.market.currency, one.slug, one.name, one.net, one.units, one.orders)


def _markets(question: Question) -> Iterator[Row]:
    for one in rankings.markets(question.current, markets()):
        yield (one.market.code, one.market.name, one.market.currency, one.net, one.orders)


Sheet = tuple[tuple[str, ...], Callable[[Question], Iterator[Row]]]
GOODS = ("currency", "slug", "name", "net", "units", "orders")
SHEETS: dict[str, Sheet] = {
    "days": (
        ("currency", "day", "net", "orders", "day_before", "net_before", "orders_before"),
        _days,
    ),
    "products": (GOODS, _products),
    "categories": (GOODS, _categories),
    "markets": (("market", "name", "currency", "net", "orders"), _markets),
}
