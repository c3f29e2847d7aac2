"""The carriers' scorecard: who is in time, who breaks things, and what it costs."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.forms import TaxForm
from analytics.queries.carriers import Score, scores
from analytics.queries.periods import Period
from analytics.views.access import managers_only
from analytics.views.books.tables import Cell, Table, amount, numbers, words
from analytics.views.chart import day_range
from analytics.views.figures import count
from analytics.views.sheets import Row, attachment
from payments.services.books.chart import books_currency
from shop.lib.workdays import shop_day

HEAD = (
    *("carrier", "parcels", "delivered", "on_time", "late", "overdue", "returned"),
    *("damaged", "lost", "currency", "labels", "label_cost", "charged"),
)
PER_CENT = 100


@managers_only
def carriers(request: HttpRequest) -> HttpResponse:
    """How each carrier did with what left in a period."""
    now = timezone.now()
    form = TaxForm(request.GET.dict(), now=now)
    period = form.period()
    found = scores(period, today=shop_day(now))
    days = urlencode({"start": period.first, "end": period.last})
    context = {
        "seo": {"title": _("Carriers")},
        "shop": settings.SHOP,
        "form": form,
        "period_label": day_range(period.first, period.last),
        "table": _table(found, period),
        "csv_url": f"{reverse('analytics:carriers_csv')}?{days}",
    }
    status = 200 if form.is_valid() else 400
    return render(request, "analytics/carriers.html", context, status=status)


@managers_only
def carriers_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures, exact."""
    now = timezone.now()
    form = TaxForm(request.GET.dict(), now=now)
    if not form.is_valid():
        raise Http404
    period = form.period()
    rows = _rows(scores(period, today=shop_day(now)))
    return attachment(request, f"carriers-{period.first}-{period.last}.csv", HEAD, rows)


def _rows(found: Sequence[Score]) -> Iterator[Row]:
    currency = books_currency()
    for one in found:
        yield (
            *(one.carrier, one.parcels, one.delivered, one.on_time, one.late, one.overdue),
            *(one.returned, one.damaged, one.lost, currency, one.labels, one.cost, one.charged),
        )


def _table(found: Sequence[Score], period: Period) -> Table:
    return Table(
        label=_("Carriers"),
        columns=[
            *words(_("Carrier")),
            *numbers(_("Parcels"), _("Delivered"), _("On time"), _("Late or overdue")),
            *numbers(_("Came back"), _("Damaged"), _("Lost"), _("Damaged or lost")),
            *numbers(_("Label"), _("Paid by buyers"), _("Left over")),
        ],
        rows=[_cells(one, period) for one in found],
    )


def _cells(one: Score, period: Period) -> list[Cell]:
    currency = books_currency()
    missed = one.late + one.overdue
    left = one.earned_per_parcel
    paid = amount(left, currency)
    return [
        Cell(one.carrier or _("No carrier named"), _parcels(one.carrier, period)),
        *(_count(one.parcels), _count(one.delivered), _share(one.on_time_share)),
        *(_count(missed, is_bad=True), _count(one.returned, is_bad=True)),
        *(_count(one.damaged, is_bad=True), _count(one.lost, is_bad=True)),
        _share(one.harm_share),
        amount(one.cost_per_parcel, currency),
        amount(one.charged_per_parcel, currency),
        Cell(paid.text, is_number=True, tone="bad" if left is not None and left < 0 else ""),
    ]


def _count(value: int, *, is_bad: bool = False) -> Cell:
    return Cell(count(value), is_number=True, tone="bad" if is_bad and value else "")


def _share(value: Decimal | None) -> Cell:
    return Cell("–" if value is None else f"{value * PER_CENT:.1f} %", is_number=True)


def _parcels(carrier: str, period: Period) -> str:
    """The parcels behind a row, in the admin."""
    page = reverse("admin:shipping_fulfilment_changelist")
    asked = {
        "carrier": carrier,
        "shipped_at__gte": period.start_at.isoformat(),
        "shipped_at__lt": period.end_at.isoformat(),
    }
    return f"{page}?{urlencode(asked)}"
