"""Telling the shop that something went wrong with what was sent, and the page of such a claim."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.queries.page import Seo, page_context
from orders.models import Claim, Order
from orders.services.claims import can
from orders.views.back.asked import Asked, read
from orders.views.back.start import content
from orders.views.back.way import claim_steps
from orders.views.cases import page_of
from orders.views.keyed import order_of
from orders.views.parcels import Parcel, parcels_of, shown
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.limits import TooOften
from shop.lib.text import clean
from shop.processes import claiming, returns


@require_http_methods(["GET", "POST"])
def claim_start(request: HttpRequest, number: str) -> HttpResponse:
    """Which parcel, what happened to what, a picture, and what would put it right."""
    order = order_of(request, number)
    lines = list(order.lines.filter(is_shipped=True, fulfilled__gt=0).values_list("pk", flat=True))
    asked = read(request.POST, lines)
    if request.method != "POST":
        return _form(request, order, asked)
    try:
        limits.check(request, limits.CLAIMS)
    except TooOften as refusal:
        return _form(request, order, asked, problem=refusal.message, status=429)
    parcel = request.POST.get("parcel", "")
    try:
        photos = [returns.Photo(None, content(one)) for one in request.FILES.getlist("photo")]
        claim = claiming.open(
            order_id=order.pk,
            kind=clean(request.POST.get("kind", ""))[:10],
            lines=asked.units,
            wish=asked.wish,
            words=asked.words,
            photos=photos,
            parcel_id=_parcel_of(order, parcel),
            key=f"{order.number}-{asked.key or uuid.uuid4().hex}",
            actor=None,
            now=timezone.now(),
        )
    except Refused as refusal:
        return _form(request, order, asked, problem=refusal.message, status=422)
    return redirect(f"{page_of(order, 'orders:claim', claim.number)}&done=1")


def _parcel_of(order: Order, text: str) -> int | None:
    """The id of the parcel with this position. None for none."""
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return None
    found: int | None = (
        order.fulfilments.filter(position=int(text)).values_list("pk", flat=True).first()
    )
    return found


def _form(
    request: HttpRequest, order: Order, asked: Asked, *, problem: str = "", status: int = 200
) -> HttpResponse:
    rows = [one for one in parcels_of(order) if one.shipped_at]
    parcels: list[tuple[int, Parcel]] = [
        (row.position, parcel) for row, parcel in zip(rows, shown(order, rows), strict=True)
    ]
    context = {
        **page_context(request, seo=Seo(title=_("Something is wrong"), noindex=True)),
        "number": order.number,
        "order_url": order.get_absolute_url(),
        "here": page_of(order, "orders:claim_start"),
        "kinds": claiming.kinds(order=order),
        "kind": request.POST.get("kind", ""),
        "parcels": parcels,
        "parcel": request.POST.get("parcel", ""),
        "lines": _lines(order, asked),
        "wishes": Claim.Outcome.choices,
        "asked": asked,
        "key": asked.key or uuid.uuid4().hex,
        "problems": [("main", problem)] if problem else [],
    }
    return render(request, "orders/back/claim_start.html", context, status=status)


def _lines(order: Order, asked: Asked) -> list[dict[str, Any]]:
    rows = order.lines.filter(is_shipped=True, fulfilled__gt=0).order_by("position", "pk")
    return [
        {
            "id": line.pk,
            "title": line.title + (f", {line.variant_label}" if line.variant_label else ""),
            "counts": [str(one) for one in range(line.fulfilled - line.returned + 1)],
            "typed": asked.picks[line.pk].units if line.pk in asked.picks else "",
        }
        for line in rows
    ]


def _claim_of(order: Order, number: str) -> Claim:
    found: Claim = get_object_or_404(order.claims, number=number)
    found.order = order
    return found


@require_GET
def claim_detail(request: HttpRequest, number: str, claim_number: str) -> HttpResponse:
    """A claim, for whoever holds its order's key."""
    order = order_of(request, number)
    return _show(request, _claim_of(order, claim_number))


def _show(
    request: HttpRequest, claim: Claim, *, problem: str = "", status: int = 200
) -> HttpResponse:
    order = claim.order
    title = _("Claim %(number)s") % {"number": claim.number}
    is_open = can(claim, Claim.Status.CANCELED)
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "title": title,
        "number": order.number,
        "order_url": order.get_absolute_url(),
        "what": claim.get_kind_display(),
        "wish": claim.get_wish_display(),
        "outcome": claim.get_outcome_display() if claim.outcome else "",
        "words": claim.words,
        "declined": claim.decline_reason if claim.status == Claim.Status.DECLINED else "",
        "steps": claim_steps(claim),
        "items": [
            f"{one.quantity} × {one.order_line.title}"
            for one in claim.lines.select_related("order_line").order_by("pk")
        ],
        "cancel_url": page_of(order, "orders:claim_cancel", claim.number) if is_open else "",
        "problem": problem,
        "is_new": request.GET.get("done") == "1",
    }
    return render(request, "orders/back/claim.html", context, status=status)


@require_POST
def claim_cancel(request: HttpRequest, number: str, claim_number: str) -> HttpResponse:
    """It turned up after all."""
    order = order_of(request, number)
    claim = _claim_of(order, claim_number)
    try:
        claiming.cancel(claim_id=claim.pk, actor=None, now=timezone.now())
    except Refused as refusal:
        claim.refresh_from_db()
        return _show(request, claim, problem=refusal.message, status=409)
    return redirect(page_of(order, "orders:claim", claim.number))
