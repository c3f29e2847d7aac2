"""Any report about stock: a question, its rows in pages, the sums above them, the same as a file."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from analytics.forms.stock import AskForm
from analytics.views.books.tables import Cell, Words
from analytics.views.sheets import attachment
from analytics.views.stock import fields as shown
from analytics.views.stock.access import show
from analytics.views.stock.fields import Field
from inventory.models import SupplierOffer
from payments.services.books.chart import books_currency
from shop.lib.batches import read_in_parts
from shop.lib.workdays import shop_day

ON_A_PAGE = 50
AT_ONCE = 500
Facts = Sequence[tuple[Words, Cell]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked, and when."""

    form: Any
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return shop_day(self.now)


@dataclass(frozen=True, slots=True)
class Report:
    """rows: a queryset or a list; facts: its sums, above the table; fields: of the rows."""

    name: str
    title: Words
    note: Words
    rows: Callable[[Ask], Any]
    fields: Callable[[Ask], Sequence[Field]]
    form: type[AskForm]
    facts: Callable[[Ask, Any], Facts] | None = None
    nothing: Words = ""


def page(request: HttpRequest, report: Report) -> HttpResponse:
    asked = _ask(request, report)
    rows = report.rows(asked)
    listed = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    fields, currency = report.fields(asked), books_currency()
    query = _query(request)
    context = {
        "title": report.title,
        "note": report.note,
        "here": report.name,
        "form": asked.form,
        "facts": report.facts(asked, rows) if report.facts else (),
        "table": shown.table(report.title, fields, listed, currency),
        "nothing": report.nothing,
        "page": listed,
        "page_url": f"?{query}&page=",
        "csv_url": f"{reverse('analytics:stock_csv', args=[report.name])}?{query}",
    }
    return show(request, "report", context, status=200 if asked.form.is_valid() else 400)


def file(request: HttpRequest, report: Report) -> StreamingHttpResponse:
    """Raises Http404 for a question that makes no sense: half a file would be taken for all."""
    asked = _ask(request, report)
    if not asked.form.is_valid():
        raise Http404
    fields, rows = report.fields(asked), report.rows(asked)
    # Sums are few and have no key; rows of a model may be as many as there are variants.
    is_long = isinstance(rows, QuerySet) and not rows.query.values_select
    found = read_in_parts(rows, AT_ONCE) if is_long else rows
    head = [field.key for field in fields]
    name = f"stock-{report.name}-{asked.today}.csv"
    return attachment(request, name, head, shown.lines(fields, found))


def _ask(request: HttpRequest, report: Report) -> Ask:
    now = timezone.now()
    return Ask(report.form(request.GET, today=shop_day(now)), now)


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


def url(name: str, **query: Any) -> str:
    """The address of a report, with what is asked of it."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    page = reverse("analytics:stock_report", args=[name])
    return f"{page}?{urlencode(given, doseq=True)}" if given else page


def narrowed(rows: QuerySet[Any], form: AskForm) -> QuerySet[Any]:
    """Variants by words, category and supplier, as PiecesForm asks."""
    words, category, supplier = (form.asked(name) for name in ("q", "category", "supplier"))
    if words:
        named = Q(sku__icontains=words) | Q(product__title__icontains=words)
        rows = rows.filter(named | Q(barcode=words))
    if category:
        below = Q(product__category__url_path__startswith=f"{category}/")
        rows = rows.filter(below | Q(product__category__url_path=category))
    if supplier:
        offers = SupplierOffer.objects.filter(supplier__code=supplier, is_active=True)
        rows = rows.filter(pk__in=offers.values("variant"))
    return rows
