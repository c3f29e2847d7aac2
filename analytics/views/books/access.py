"""Who may read the books, and the frame of their pages."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from analytics.views.access import Page, guarded
from payments.services.books.chart import books_currency

READ = "payments.view_books"
WRITE = "payments.add_journalentry"
CLOSE = "payments.close_month"
PAGES: tuple[tuple[str, Promise], ...] = (
    ("index", _("The books")),
    ("balance", _("Trial balance")),
    ("journal", _("Journal")),
    ("profit", _("Profit and loss")),
    ("cash", _("Cash flow")),
    ("margins", _("Margins")),
    ("vat", _("VAT")),
    ("payouts", _("Payouts")),
    ("months", _("Months")),
    ("checks", _("Checks")),
)


def readers_only(view: Page) -> Page:
    """Staff who may read the books; others are sent to the login or told no (403)."""
    return require_GET(guarded(view, READ))


def with_right(permission: str) -> Callable[[Page], Page]:
    """For forms that change the books: reading and writing them needs a permission of its own."""

    def decorate(view: Page) -> Page:
        return require_http_methods(["GET", "HEAD", "POST"])(guarded(view, READ, permission))

    return decorate


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the books. context: "title" and "here" (one of PAGES) are needed."""
    frame = {
        "seo": {"title": context["title"]},
        "shop": settings.SHOP,
        "currency": books_currency(),
        "pages": [
            {"name": name, "url": reverse(f"analytics:books_{page}"), "is_current": page == here}
            for here in [context["here"]]
            for page, name in PAGES
        ],
    }
    return render(request, f"analytics/books/{template}.html", frame | context, status=status)
