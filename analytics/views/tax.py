"""The tax report: by country, territory, rate and relief, for the one-stop shop and for advisers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms import CellForm, TaxForm
from analytics.queries import periods
from analytics.queries import tax as queries
from analytics.queries.periods import Period
from analytics.queries.tax import Cell, TaxSum
from analytics.views.access import managers_only
from analytics.views.chart import day_range
from analytics.views.sheets import Row, attachment
from catalog.models import TaxTerritory
from catalog.queries.markets import markets
from orders.models import Order

QUARTERS = 5
ON_A_PAGE = 50
SHEETS = {"charged": queries.charged, "given-back": queries.given_back}
HEAD = (
    *("country", "territory", "tax", "rate", "relief", "currency", "orders", "net", "tax_amount"),
    *("converted_currency", "converted_net", "converted_tax"),
)
Names = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report in words. url: the orders it is made of."""

    country: str
    territory: str
    rate: str
    currency: str
    orders: int
    net: Decimal
    tax: Decimal
    converted_net: Decimal
    converted_tax: Decimal
    url: str


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter to choose."""

    label: str
    url: str
    is_current: bool


@managers_only
def tax(request: HttpRequest) -> HttpResponse:
    """What tax a period came to, and what of it was given back."""
    now = timezone.now()
    form = TaxForm(request.GET.dict(), now=now)
    period = form.period()
    currency = markets()[0].currency
    charged = queries.charged(period, currency=currency)
    given_back = queries.given_back(period, currency=currency)
    names = _territories()
    context = {
        "seo": {"title": _("Tax")},
        "shop": settings.SHOP,
        "form": form,
        "period_label": day_range(period.first, period.last),
        "currency": currency,
        "quarters": [_quarter(back, period, now) for back in range(QUARTERS)],
        "charged": [_line(row, period, names) for row in charged],
        "charged_total": queries.total(charged),
        "given_back": [_line(row, period, names, refunded=True) for row in given_back],
        "given_back_total": queries.total(given_back),
        "csv_urls": {name.replace("-", "_"): _csv_url(name, period) for name in SHEETS},
    }
    status = 200 if form.is_valid() else 400
    return render(request, "analytics/tax.html", context, status=status)


@managers_only
def tax_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """The same figures, exact: what was charged, or what was given back."""
    form = TaxForm(request.GET.dict(), now=timezone.now())
    if name not in SHEETS or not form.is_valid():
        raise Http404
    period = form.period()
    currency = markets()[0].currency
    rows = SHEETS[name](period, currency=currency)
    filename = f"tax-{name}-{period.first}-{period.last}.csv"
    return attachment(request, filename, HEAD, _cells(rows, currency))


@managers_only
def tax_orders(request: HttpRequest) -> HttpResponse:
    """The orders behind one line of the report, with their part in it."""
    form, cell_form = TaxForm(request.GET.dict(), now=timezone.now()), CellForm(request.GET.dict())
    cell = cell_form.cell()
    if cell is None or not form.is_valid():
        raise Http404
    period, refunded = form.period(), cell_form.cleaned_data["refunded"]
    found = queries.orders_behind(period, cell, refunded=refunded)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    may_open = request.user.has_perm("orders.view_order")
    context = {
        "seo": {"title": _("Tax")},
        "shop": settings.SHOP,
        "currency": cell.currency,
        "period_label": day_range(period.first, period.last),
        "where": " · ".join(filter(None, (*_place(cell, _territories()), _rate(cell)))),
        "refunded": refunded,
        "page": page,
        "rows": [_order(order, may_open=may_open) for order in page],
        "back_url": f"{reverse('analytics:tax')}?{_days(period)}",
        "page_url": f"{_orders_url(cell, period, refunded=refunded)}&page=",
    }
    return render(request, "analytics/tax_orders.html", context)


def _line(row: TaxSum, period: Period, names: Names, *, refunded: bool = False) -> Line:
    country, territory = _place(row.cell, names)
    return Line(
        country=country,
        territory=territory,
        rate=_rate(row.cell),
        currency=row.cell.currency,
        orders=row.orders,
        net=row.net,
        tax=row.tax,
        converted_net=row.converted_net,
        converted_tax=row.converted_tax,
        url=_orders_url(row.cell, period, refunded=refunded),
    )


def _place(cell: Cell, names: Names) -> tuple[str, str]:
    return cell.country, names.get((cell.country, cell.region), cell.region)


def _rate(cell: Cell) -> str:
    """ "VAT 19%", or why there was none: "Reverse charge"."""
    if cell.relief:
        return str(dict(Order.Relief.choices).get(cell.relief, cell.relief))
    return f"{cell.name} {cell.rate.normalize():f}%"


def _territories() -> Names:
    rows = TaxTerritory.objects.values_list("country", "region", "name")
    return {(country, region): name for country, region, name in rows}


def _order(order: Any, *, may_open: bool) -> dict[str, Any]:
    return {
        "number": order.number,
        "url": reverse("admin:orders_order_change", args=[order.pk]) if may_open else "",
        "confirmed_at": order.confirmed_at,
        "net": order.cell_net,
        "tax": order.cell_tax,
    }


def _quarter(back: int, shown: Period, now: dt.datetime) -> Quarter:
    one = periods.quarter(now=now, back=back)
    words = {"number": (one.first.month + 2) // 3, "year": one.first.year}
    return Quarter(
        label=_("Quarter %(number)s of %(year)s") % words,
        url=f"{reverse('analytics:tax')}?{_days(one)}",
        is_current=(one.first, one.end) == (shown.first, shown.end),
    )


def _days(period: Period) -> str:
    return urlencode({"start": period.first, "end": period.last})


def _csv_url(name: str, period: Period) -> str:
    return f"{reverse('analytics:tax_csv', args=[name])}?{_days(period)}"


def _orders_url(cell: Cell, period: Period, *, refunded: bool) -> str:
    which: dict[str, Any] = {one.name: getattr(cell, one.name) for one in fields(cell)}
    if refunded:
        which["refunded"] = "on"
    return f"{reverse('analytics:tax_orders')}?{_days(period)}&{urlencode(which)}"


def _cells(rows: Sequence[TaxSum], currency: str) -> Iterator[Row]:
    for row in rows:
        cell = row.cell
        key = (cell.country, cell.region, cell.name, cell.rate, cell.relief, cell.currency)
        yield (*key, row.orders, row.net, row.tax, currency, row.converted_net, row.converted_tax)
