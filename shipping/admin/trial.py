"""The trial: goods and an address, the parcels they make, and what every method says to them."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Market, Variant
from catalog.queries.current_prices import prices_now
from catalog.queries.membership import memberships
from shipping.admin.trial_form import TrialForm
from shipping.queries import Destination, Piece, blocked, judging, rating
from shop.lib.money import ZERO

if TYPE_CHECKING:
    from shipping.admin.rating import MethodAdmin


def show(page: "MethodAdmin", request: HttpRequest) -> HttpResponse:
    """The form, and once it was filled in what comes of it. Nothing is kept."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    form = TrialForm(request.GET if "try" in request.GET else None)
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "title": _("Try delivery"),
        "opts": page.opts,
        "media": page.media,
        "form": form,
    }
    if form.is_bound and form.is_valid():
        context |= _tried(form.cleaned_data, form.markets[form.cleaned_data["market"]])
    return TemplateResponse(request, "admin/shipping/method/try.html", context)


def _tried(said: dict[str, Any], market: Market) -> dict[str, Any]:
    now = timezone.now()
    lines: list[tuple[Variant, int]] = said["goods"]
    pieces = _pieces(lines)
    parcels = rating.packed(pieces).parcels
    to = Destination(said["country"], said["postcode"])
    goods = _worth(lines, market, now)
    reasons = blocked(pieces=pieces, country=to.country)
    return {
        "currency": market.currency,
        "goods": goods,
        "parcels": parcels,
        "blocked": [
            (variant.sku, reasons[variant.pk]) for variant, _n in lines if variant.pk in reasons
        ],
        "judged": judging.judged(
            to=to, parcels=parcels, currency=market.currency, goods=goods, now=now
        ),
    }


def _pieces(lines: list[tuple[Variant, int]]) -> list[Piece]:
    known = memberships({variant.product_id for variant, _units in lines})
    return [
        Piece(
            variant_id=variant.pk,
            units=units,
            grams=variant.grams,
            length_mm=variant.length_mm,
            width_mm=variant.width_mm,
            height_mm=variant.height_mm,
            is_fragile=variant.is_fragile,
            product_id=variant.product_id,
            categories=known[variant.product_id].categories,
        )
        for variant, units in lines
    ]


def _worth(lines: list[tuple[Variant, int]], market: Market, now: dt.datetime) -> Decimal:
    units = Counter[int]()
    for variant, some in lines:
        units[variant.pk] += some
    prices = prices_now(market, units, now)
    return sum((price.amount * units[pk] for pk, price in prices.items()), ZERO)
