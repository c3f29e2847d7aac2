from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.queries import rankings
from analytics.queries.books.checks import broken_count, latest
from analytics.queries.days import days, paired
from analytics.queries.sales import sales
from analytics.queries.totals import totals
from analytics.views import panels
from analytics.views.access import asked, managers_only
from analytics.views.books.access import READ
from analytics.views.chart import day_range, drawing
from analytics.views.figures import kpis

RANKINGS = ("sales", "units")


@managers_only
def dashboard(request: HttpRequest) -> HttpResponse:
    """How a period went, beside another one."""
    form, question, markets = asked(request)
    by = _choice(request.GET.get("by", ""))
    market = question.market
    others = [one for one in markets if one != market]
    read = sales(market, question.current, before=question.before, others=others)
    of_now, of_then = days(market, question.current, read), days(market, question.before, read)
    now = totals(market, question.current, of_now)
    before = totals(market, question.before, of_then)
    pairs = paired(of_now, of_then)
    products = rankings.products(market, question.current, by=by, found=read.sold)
    categories = rankings.categories(market, question.current, found=read.sold)
    context = {
        "seo": {"title": _("Sales")},
        "shop": settings.SHOP,
        "form": form,
        "question": question,
        "currency": question.market.currency,
        "period_label": day_range(question.current.first, question.current.last),
        "before_label": day_range(question.before.first, question.before.last),
        "data_until": timezone.now(),
        "kpis": kpis(now, before, question),
        "drawing": drawing(pairs, question, now, before),
        "days": panels.days(pairs, market.currency),
        "by": by,
        "products": panels.products(products, question),
        "categories": panels.categories(categories, question),
        "markets": panels.markets(
            rankings.markets(question.current, markets, found=read), question
        ),
        "urls": panels.urls(question, request.GET),
        "check": _check(request),
    }
    return render(
        request, "analytics/dashboard.html", context, status=200 if form.is_valid() else 400
    )


def _check(request: HttpRequest) -> dict[str, object] | None:
    """Last night's answer to whether the books agree, for those who may read them."""
    if not request.user.has_perm(READ):
        return None
    found = latest()
    return {"day": found.day if found else None, "broken": broken_count(found)}


def _choice(by: str) -> str:
    return by if by in RANKINGS else RANKINGS[0]
