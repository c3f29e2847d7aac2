"""Tax as it was booked, by country and rate."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms.books import DaysForm
from analytics.queries.books import vat as queries
from analytics.queries.books.vat import Vat
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
from payments.services.books.chart import account as account_of
from payments.services.books.chart import books_currency
from payments.services.books.roles import Role

VAT_HEAD = (
    *("part", "country", "territory", "rate", "currency", "net", "tax"),
    *("books_currency", "books_net", "books_tax"),
)


@readers_only
def vat(request: HttpRequest) -> HttpResponse:
    """Tax by country and rate from the ledger, and what may be taken off it."""
    form = DaysForm(request.GET.dict(), now=timezone.now())
    period = form.period()
    days = (period.first, period.last)
    sold = queries.vat(*days, credited=False)
    credited = queries.vat(*days, credited=True)
    context = {
        "title": _("VAT"),
        "here": "vat",
        "form": form,
        "period_label": day_range(*days),
        "sold": _vat_table(_("Charged"), sold, period),
        "credited": _vat_table(_("Given back"), credited, period),
        "sums": _vat_sums(sold, credited, period),
        "csv_url": link("vat_csv", **form.query()),
        "report_url": f"{reverse('analytics:tax')}?{urlencode({'start': days[0], 'end': days[1]})}",
    }
    return show(request, "vat", context, status=200 if form.is_valid() else 400)


def _vat_sums(
    sold: Sequence[Vat], credited: Sequence[Vat], period: Period
) -> list[tuple[str, Cell]]:
    days, currency = (period.first, period.last), books_currency()
    charged, back = queries.total(sold)[1], -queries.total(credited)[1]
    others, on_purchases = queries.untold(*days), queries.input_tax(*days)
    output = account_url(account_of(Role.OUTPUT_TAX).code, *days)
    bought = account_url(account_of(Role.INPUT_TAX).code, *days)
    return [
        (_("Tax charged"), amount(charged, currency, output)),
        (_("Less given back"), amount(back, currency, output)),
        (_("Posted without a rate"), amount(others, currency, output)),
        (_("Less tax on purchases"), amount(on_purchases, currency, bought)),
        (_("To be paid"), amount(charged - back + others - on_purchases, currency)),
    ]


def _vat_table(label: str, rows: Sequence[Vat], period: Period) -> Table:
    currency = books_currency()
    url = account_url(account_of(Role.OUTPUT_TAX).code, period.first, period.last)
    net, tax = queries.total(rows)
    columns = [*words(_("Country"), _("Territory"), _("Rate")), *numbers(_("Net"), _("Tax"))]
    converted = [_("Net in %(currency)s"), _("Tax in %(currency)s")]
    return Table(
        label=label,
        columns=[*columns, *numbers(*(text % {"currency": currency} for text in converted))],
        rows=[
            [
                *(Cell(one.country), Cell(one.region), Cell(f"{(one.rate or 0):.4g}%")),
                *(amount(one.net, one.currency), amount(one.tax, one.currency, url)),
                *amounts((one.base_net, one.base_tax), currency),
            ]
            for one in rows
        ],
        foot=[[Cell(_("Together")), *([Cell("")] * 4), *amounts((net, tax), currency)]],
    )


@readers_only
def vat_csv(request: HttpRequest) -> StreamingHttpResponse:
    form = DaysForm(request.GET.dict(), now=timezone.now())
    period = form.period()
    name = f"vat-{period.first}-{period.last}.csv"
    return attachment(request, name, VAT_HEAD, _vat_cells(period))


def _vat_cells(period: Period) -> Iterator[Row]:
    currency = books_currency()
    for part, credited in (("charged", False), ("given_back", True)):
        for one in queries.vat(period.first, period.last, credited=credited):
            key = (part, one.country, one.region, one.rate, one.currency)
            yield (*key, one.net, one.tax, currency, one.base_net, one.base_tax)
