"""Who may read about stock, and the frame of its pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from analytics.views.access import Page, guarded
from payments.services.books.chart import books_currency

SEE = "inventory.view_stockitem"
# What goods cost is for those who buy and price.
WORTH = "inventory.view_valuation"
LIST = "admin:inventory_stockitem_changelist"
PAGES: tuple[tuple[str, Promise], ...] = (
    ("", lazy("Overview")),
    ("cover", lazy("Days of cover")),
    ("overstock", lazy("Overstock")),
    ("dead", lazy("Dead stock")),
    ("classes", lazy("ABC and XYZ")),
    ("lost-sales", lazy("Lost sales")),
    ("shrinkage", lazy("Shrinkage")),
    ("turnover", lazy("Turnover")),
    ("value", lazy("Value")),
    ("suppliers", lazy("Suppliers")),
    ("searches", lazy("Not found")),
    ("requests", lazy("Waited for")),
    ("wishes", lazy("Wished for")),
    ("movements", lazy("Movements")),
)


def managers_only(view: Page) -> Page:
    """Staff who may see what stock is worth; others are sent to the login or told no (403)."""
    return require_GET(guarded(view, WORTH))


def staff_only(view: Page) -> Page:
    """Staff who may see what is on the shelves. Forms check for more."""
    return require_http_methods(["GET", "HEAD", "POST"])(guarded(view, SEE))


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page about stock. context: "title" is needed; "here" is one of PAGES, if it is."""
    frame = {
        "seo": {"title": context["title"]},
        "shop": settings.SHOP,
        "currency": books_currency(),
        "staff_nav": _nav(request),
        "pages": _pages(context.get("here")) if request.user.has_perm(WORTH) else [],
    }
    return render(request, f"analytics/stock/{template}.html", frame | context, status=status)


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    may = request.user.has_perm
    places = [
        (_("Work queue"), reverse("admin:index"), True),
        (_("Dashboard"), reverse("analytics:dashboard"), may("orders.view_dashboard")),
        (_("Stock"), reverse("analytics:stock"), may(WORTH)),
        (_("Stock list"), reverse(LIST), may(SEE)),
    ]
    return [
        {"name": name, "url": url, "is_current": url == request.path}
        for name, url, is_open in places
        if is_open
    ]


def _pages(here: str | None) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": _address(page), "is_current": page == here} for page, name in PAGES
    ]


def _address(page: str) -> str:
    return reverse("analytics:stock_report", args=[page]) if page else reverse("analytics:stock")
