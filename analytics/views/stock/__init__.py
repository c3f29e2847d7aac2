"""The managers' pages about stock: figures, the rows behind them, and each variant."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from analytics.views.stock import lasting, losing, supplying, valuing, wanting
from analytics.views.stock.access import managers_only
from analytics.views.stock.overview import overview
from analytics.views.stock.report import Report, file, page
from analytics.views.stock.variant import policy, variant

REPORTS: dict[str, Report] = {
    report.name: report
    for report in (
        *(lasting.COVER, lasting.SURPLUS, lasting.DEAD, lasting.CLASSES),
        *(losing.LOST, losing.SHRINKAGE, losing.TURNOVER, losing.MOVEMENTS),
        *(valuing.VALUE, supplying.SUPPLIERS),
        *(wanting.SEARCHES, wanting.REQUESTS, wanting.WISHES),
    )
}

__all__ = ["overview", "policy", "report", "report_csv", "variant"]


@managers_only
def report(request: HttpRequest, name: str) -> HttpResponse:
    return page(request, _report(name))


@managers_only
def report_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    return file(request, _report(name))


def _report(name: str) -> Report:
    if name not in REPORTS:
        raise Http404
    return REPORTS[name]
