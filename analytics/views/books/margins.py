"""Margins: what is left of what was sold."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import By, MarginsForm
from analytics.queries.books import margins as queries
from analytics.queries.books.margins import Margin
from analytics.queries.periods import Period
from analytics.views.books.access import readers_only, show
from analytics.views.books.tables import (
    Cell,
    Column,
    Table,
    amount,
    amounts,
    link,
    numbers,
)
from analytics.views.chart import day_range
from analytics.views.figures import count, percent
from analytics.views.sheets import Row, attachment
from catalog.models import Category
from catalog.queries.markets import markets
from payments.services.books.chart import books_currency

# More rows than this are for the file.
MOST = 200
HEAD = (
    *("key", "name", "orders", "currency", "sales", "delivery", "credits", "goods", "fees"),
    *("fees_estimated", "left"),
)


@readers_only
def margins(request: HttpRequest) -> HttpResponse:
    """What is left of what the orders of a period sold."""
    form = MarginsForm(request.GET.dict(), now=timezone.now())
    by, period = form.by_what(), form.period()
    rows = queries.margins(by, period.start_at, period.end_at, most=MOST + 1)
    context = {
        "title": _("Margins"),
        "here": "margins",
        "form": form,
        "period_label": day_range(period.first, period.last),
        "table": _table(rows[:MOST], by, period),
        "is_cut": len(rows) > MOST,
        "csv_url": link("margins_csv", by=by, **form.query()),
    }
    return show(request, "margins", context, status=200 if form.is_valid() else 400)


@readers_only
def margins_csv(request: HttpRequest) -> StreamingHttpResponse:
    form = MarginsForm(request.GET.dict(), now=timezone.now())
    by, period = form.by_what(), form.period()
    rows = queries.margins(by, period.start_at, period.end_at)
    return attachment(request, f"margins-{by}-{period.first}-{period.last}.csv", HEAD, _cells(rows))


def _cells(rows: Sequence[Margin]) -> Iterator[Row]:
    currency = books_currency()
    for one in rows:
        parts = (one.sales, one.delivery, one.credits, one.goods, one.fees)
        fact = "yes" if one.is_estimated else "no"
        yield (one.key, one.name, one.orders, currency, *parts, fact, one.left)


def _table(rows: Sequence[Margin], by: str, period: Period) -> Table:
    names = _names(by)
    return Table(
        label=_("Margins"),
        columns=[
            Column(By(by).label),
            *numbers(_("Orders"), _("Sales"), _("Delivery charged"), _("Credits")),
            *numbers(_("Goods"), _("Fees"), _("Left"), _("Margin")),
        ],
        rows=[
            [
                Cell(
                    names.get(one.key, one.name) or _("No longer in the catalogue"),
                    _behind(one, by, period),
                ),
                *_figures(one),
            ]
            for one in rows
        ],
        foot=[[Cell(_("Together")), *_figures(queries.together(rows))]],
    )


def _figures(one: Margin) -> list[Cell]:
    currency = books_currency()
    fees = amount(one.fees, currency)
    if one.is_estimated:
        fees = Cell(_("%(fee)s, estimated") % {"fee": fees.text}, is_number=True)
    return [
        Cell(count(one.orders), is_number=True),
        *amounts((one.sales, one.delivery, one.credits, one.goods), currency),
        fees,
        amount(one.left, currency),
        Cell(percent(one.share), is_number=True),
    ]


def _names(by: str) -> dict[str, str]:
    if by == By.MARKET:
        return {one.code: one.name for one in markets()}
    if by == By.CATEGORY:
        return dict(Category.objects.filter(depth=1).values_list("url_path", "name"))
    return {}


def _behind(one: Margin, by: str, period: Period) -> str:
    """The rows of a margin: an order's entries, a market's or product's orders."""
    days = {"start": period.first, "end": period.last}
    if by == By.ORDER:
        return link("journal", order=one.key)
    if by == By.CHANNEL:
        return link("margins", by=By.ORDER, **days)
    key = {By.MARKET: "market", By.PRODUCT: "product", By.CATEGORY: "category"}[By(by)]
    asked = {"period": "custom", **days, key: one.key or "-"}
    return f"{reverse('analytics:orders')}?{urlencode(asked)}"
