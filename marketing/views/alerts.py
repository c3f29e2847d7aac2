"""Asking to be told about a piece, and the two pages behind the links of its mails."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from catalog.models import Price
from catalog.queries.page import Seo, page_context
from catalog.views.market import market_of
from marketing.forms import AlertForm
from marketing.models import Alert
from marketing.services import alerts
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.guard import same_origin_only
from shop.lib.limits import TooOften
from shop.lib.text import clean

Status = Alert.Status


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest) -> HttpResponse:
    """The form, and the answer: the same for every address, known or not."""
    form = AlertForm(request.POST) if request.method == "POST" else None
    asked = request.POST if form else request.GET
    kind, price = _kind(asked.get("kind", "")), _piece(request, asked.get("sku", ""))
    if form is None:
        return _show(request, kind, price, AlertForm(initial={"email": _own_email(request)}))
    try:
        limits.check(request, limits.ALERTS)
    except TooOften as refusal:
        form.add_error("email", refusal.message)
        return _show(request, kind, price, form, status=429)
    if not form.is_valid():
        return _show(request, kind, price, form, status=422)
    if kind == Alert.Kind.BACK_IN_STOCK and alerts.is_there(price.variant):
        return _show(request, kind, price, form, is_there=True)
    email = form.cleaned_data["email"]
    alerts.ask(
        kind=kind,
        price=price,
        email=email,
        is_own_address=email.lower() == _own_email(request).lower(),
        now=timezone.now(),
    )
    return _show(request, kind, price, form, email=email)


def _kind(text: str) -> Alert.Kind:
    try:
        return Alert.Kind(text)
    except ValueError as error:
        raise Http404 from error


def _piece(request: HttpRequest, sku: str) -> Price:
    try:
        return alerts.piece(sku=clean(sku)[:64], market=market_of(request), now=timezone.now())
    except alerts.NotSold as error:
        raise Http404 from error


def _own_email(request: HttpRequest) -> str:
    """The address of whoever is signed in: an account is only ever opened for a known one."""
    return request.user.email if isinstance(request.user, User) else ""


def _show(
    request: HttpRequest,
    kind: Alert.Kind,
    price: Price,
    form: AlertForm,
    *,
    status: int = 200,
    **answer: Any,
) -> HttpResponse:
    variant, market = price.variant, market_of(request)
    is_back = kind == Alert.Kind.BACK_IN_STOCK
    title = _("Mail me when it is back") if is_back else _("Tell me when it costs less")
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "heading": title,
        "piece": {
            "title": variant.product.title,
            "options_text": variant.label,
            "url": f"{variant.product.get_absolute_url()}?v={variant.sku}",
            "sku": variant.sku,
            "price": price.current,
            "currency": market.currency,
        },
        "kind": kind,
        "form": form,
        "answer": answer,
    }
    return render(request, "marketing/alert.html", context, status=status)


@same_origin_only
@require_http_methods(["GET", "HEAD", "POST"])
def alert_confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing: programs that check links in mails look, too."""
    try:
        if request.method == "POST":
            found = alerts.confirm(token=token, now=timezone.now())
        else:
            found = alerts.find(token=token)
    except Refused as error:
        raise Http404 from error
    return _answer(request, found, "marketing/alert_confirmation.html", _("Confirm your address"))


# The key is the permission. Mail programs post here by themselves, from wherever they are.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alert_cancellation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = alerts.cancel(token=token) if request.method == "POST" else alerts.find(token=token)
    except Refused as error:
        raise Http404 from error
    return _answer(request, found, "marketing/alert_cancellation.html", _("Call off this alert"))


def _answer(request: HttpRequest, found: Alert, template: str, title: str) -> HttpResponse:
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "heading": title,
        "alert": {
            "title": found.variant.product.title,
            "options_text": found.variant.label,
            "url": f"{found.variant.product.get_absolute_url()}?v={found.variant.sku}",
            "is_price_drop": found.kind == Alert.Kind.PRICE_DROP,
            "is_unconfirmed": found.status == Status.UNCONFIRMED,
            "is_waiting": found.status == Status.ACTIVE,
            "is_told": found.status == Status.SENT,
            "is_canceled": found.status == Status.CANCELED,
        },
    }
    return render(request, template, context)
