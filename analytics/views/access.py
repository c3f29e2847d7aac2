"""Who may look, and what they ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from analytics.forms import PeriodForm, Question
from catalog.models import Market
from catalog.queries.markets import markets
from shop.lib.replica import from_replica

Page = Callable[..., HttpResponseBase]


def managers_only(view: Page) -> Page:
    """Staff who may read the dashboard; others are sent to the login or told no (403)."""
    read = from_replica(view)

    @require_GET
    @login_required
    @permission_required("orders.view_dashboard", raise_exception=True)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not markets():
            return _no_market(request)
        return read(request, *args, **kwargs)

    return guarded


def guarded(view: Page, *permissions: str) -> Page:
    """For staff with all these rights; others are sent to the login or told no (403)."""
    read = from_replica(view)

    @login_required
    @permission_required(permissions, raise_exception=True)
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return read(request, *args, **kwargs)

    return inner


def asked(request: HttpRequest) -> tuple[PeriodForm, Question, tuple[Market, ...]]:
    """The form as it was sent, what it asks for, and the markets there are."""
    known = markets()
    form = PeriodForm(request.GET.dict(), markets=known, now=timezone.now())
    return form, form.question(), known


def _no_market(request: HttpRequest) -> HttpResponse:
    return render(request, "analytics/no_market.html", {"seo": {"title": _("Sales")}})
