"""Returns: how much comes back of what, why, what it costs; and refunds nobody has paid yet."""

import datetime as dt
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
from analytics.queries import returns as queries
from analytics.queries.periods import Period
from analytics.queries.returns import Reason, Share
from analytics.views.access import managers_only
from analytics.views.books.tables import Cell, Table, amount, numbers, words
from analytics.views.chart import day_range
from analytics.views.figures import count
from analytics.views.sheets import Row, attachment
from payments.models import GrantedRefund
from payments.services.books.chart import books_currency

HEAD = ("by", "name", "sold", "back", "rate", "lost", "currency")
MOST_UNPAID = 100
# A refund is due within fourteen days: of withdrawals by law.
LATE = dt.timedelta(days=14)
PER_CENT = 100


@managers_only
def returns(request: HttpRequest) -> HttpResponse:
    """What came back of what was sold in a period."""
    now = timezone.now()
    form = TaxForm(request.GET.dict(), now=now)
    period = form.period()
    days = urlencode({"start": period.first, "end": period.last})
    unpaid = list(queries.unpaid_refunds()[:MOST_UNPAID])
    context = {
        "seo": {"title": _("Returns")},
        "shop": settings.SHOP,
        "form": form,
        "period_label": day_range(period.first, period.last),
        "tables": [
            _shares(_("Product"), queries.by_product(period)),
            _reasons(queries.by_reason(period)),
            _shares(_("Supplier"), queries.by_supplier(period)),
        ],
        "unpaid": _unpaid(unpaid, now),
        "csv_url": f"{reverse('analytics:returns_csv')}?{days}",
    }
    status = 200 if form.is_valid() else 400
    return render(request, "analytics/returns.html", context, status=status)


@managers_only
def returns_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures, exact."""
    form = TaxForm(request.GET.dict(), now=timezone.now())
    if not form.is_valid():
        raise Http404
    period = form.period()
    return attachment(request, f"returns-{period.first}-{period.last}.csv", HEAD, _rows(period))


def _rows(period: Period) -> Iterator[Row]:
    currency = books_currency()
    found = (("product", queries.by_product(period)), ("supplier", queries.by_supplier(period)))
    for by, shares in found:
        for one in shares:
            yield (by, one.name, one.sold, one.back, one.rate, one.lost, currency)
    for reason in queries.by_reason(period):
        yield ("reason", reason.name, None, reason.units, None, reason.lost, currency)


def _shares(title: str, shares: Sequence[Share]) -> Table:
    currency = books_currency()
    return Table(
        label=title,
        columns=[
            *words(title),
            *numbers(_("Sold"), _("Came back"), _("Of all"), _("Goods lost")),
        ],
        rows=[
            [
                Cell(one.name or "–"),
                *(_count(one.sold), _count(one.back), _rate(one.rate)),
                amount(one.lost, currency),
            ]
            for one in shares
        ],
    )


def _reasons(reasons: Sequence[Reason]) -> Table:
    currency = books_currency()
    return Table(
        label=_("Reason"),
        columns=[*words(_("Reason")), *numbers(_("Units"), _("Goods lost"))],
        rows=[
            [
                Cell(one.name or _("No reason given")),
                _count(one.units),
                amount(one.lost, currency),
            ]
            for one in reasons
        ],
    )


def _unpaid(grants: Sequence[GrantedRefund], now: dt.datetime) -> Table:
    return Table(
        label=_("Approved and not paid"),
        columns=[
            *words(_("Order"), _("For"), _("To")),
            *numbers(_("Amount"), _("Days")),
        ],
        rows=[_owed(one, now) for one in grants],
    )


def _owed(grant: GrantedRefund, now: dt.datetime) -> list[Cell]:
    case = grant.rma or grant.claim
    age = now - grant.granted_at
    page = reverse("admin:orders_order_change", args=[grant.order_id])
    return [
        Cell(grant.order.number, page),
        Cell(case.number if case else grant.reason),
        Cell(str(grant.get_to_display())),
        amount(grant.total - grant.unpaid, grant.order.currency),
        Cell(count(age.days), is_number=True, tone="bad" if age > LATE else ""),
    ]


def _count(value: int) -> Cell:
    return Cell(count(value), is_number=True)


def _rate(value: Decimal | None) -> Cell:
    return Cell("–" if value is None else f"{value * PER_CENT:.1f} %", is_number=True)
