"""Finding an order with its number and e-mail: how far it is, and its link by mail."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from orders.forms import LookupForm
from orders.models import Order
from orders.views import progress
from orders.views.parcels import parcels_of
from shop.lib import limits
from shop.lib.limits import TooOften
from shop.lib.text import clean
from shop.outbox import delivery
from shop.outbox.models import post


@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Number and e-mail open a page without personal data; the key itself goes only by mail."""
    form = LookupForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    try:
        return _answer(request, form)
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, status=429)


def _answer(request: HttpRequest, form: LookupForm) -> HttpResponse:
    """Raises TooOften."""
    number, email = _asked(form) if form.is_valid() else ("", "")
    limits.check(request, limits.LOOKUP, target=number)
    if not form.is_valid():
        return _page(request, form, status=422)
    if request.POST.get("wish") == "link":
        return _mail_link(request, form, number, email)
    found = _look_up(number, email)
    if found is None:
        form.add_error(None, _("We know no order with this number and address."))
        return _page(request, form, status=404)
    return _page(request, form, found=found)


def _mail_link(request: HttpRequest, form: LookupForm, number: str, email: str) -> HttpResponse:
    """Owe a look at the order and a mail. Whether there is one, the worker finds: not this page.

    So hit and miss are answered alike, in words and in time. Raises TooOften.
    """
    limits.check(request, limits.ORDER_LINK, target=number)
    limits.check(request, limits.ORDER_LINK, target=email)
    now = timezone.now()
    payload = {"number": number, "email": email, "asked": now.isoformat()}
    key = f"order-link-{number}-{now.timestamp():.6f}"
    post(topic="mail.order_link", key=key, payload=payload, now=now)
    delivery.ring()
    return _page(request, form, is_mailed=True)


def _asked(form: LookupForm) -> tuple[str, str]:
    data = form.cleaned_data
    return clean(data["number"]).lstrip("#").strip(), data["email"].strip().lower()


def _page(
    request: HttpRequest,
    form: LookupForm,
    *,
    found: dict[str, Any] | None = None,
    is_mailed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        **page_context(request, seo=Seo(title=_("Track an order"), noindex=True)),
        "form": form,
        "found": found,
        "is_mailed": is_mailed,
    }
    return render(request, "orders/lookup.html", context, status=status)


def _look_up(number: str, email: str) -> dict[str, Any] | None:
    """Nothing of a name, an address or what was bought."""
    order = Order.objects.filter(number=number, email__iexact=email).first()
    if order is None or order.status == Order.Status.DRAFT:
        return None
    parcels = parcels_of(order)
    is_sent = order.lines.filter(is_shipped=True).exists()
    return {
        "number": order.number,
        "headline": progress.headline(order),
        "status_text": progress.status_text(order),
        **({} if is_sent else progress.online_words(order)),
        "steps": progress.steps(order, parcels, is_sent=is_sent),
    }
