"""The page of one return: how far it is, what to do next, the label, calling it off."""

import datetime as dt
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catalog.queries.page import Seo, page_context
from orders.models import Exchange, Order, Return
from orders.services import case_words
from orders.services.returns import can
from orders.views.back.way import steps
from orders.views.cases import page_of, return_title
from orders.views.keyed import order_of
from orders.views.parcels import happened
from shipping.models import Label
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.text import clean
from shop.processes import labelling, returns

Status = Return.Status


def rma_of(order: Order, number: str) -> Return:
    """A return of this order. Raises Http404."""
    rows = order.returns.select_related("location")
    found: Return = get_object_or_404(rows, number=number)
    found.order = order
    return found


@require_GET
def return_detail(request: HttpRequest, number: str, rma_number: str) -> HttpResponse:
    """A return, for whoever holds its order's key."""
    order = order_of(request, number)
    return show(request, order, rma_of(order, rma_number))


def show(
    request: HttpRequest, order: Order, rma: Return, *, problem: str = "", status: int = 200
) -> HttpResponse:
    lines = list(rma.lines.select_related("order_line", "reason").order_by("pk"))
    exchange = Exchange.objects.filter(rma=rma).first()
    title = return_title(rma)
    context = {
        **page_context(request, seo=Seo(title=title, noindex=True)),
        "title": title,
        "number": order.number,
        "order_url": order.get_absolute_url(),
        "state": rma.get_status_display(),
        "steps": steps(rma),
        "items": [case_words.item(line) for line in lines],
        "news": happened(rma.tracking.all()),
        "figures": case_words.figures(rma) if rma.kind == Return.Kind.RETURN else [],
        "declined": rma.decline_reason if rma.status == Status.DECLINED else "",
        "statement": _statement(rma),
        "pieces": _pieces(exchange) if exchange else [],
        "todo": case_words.instructions(rma) if rma.status == Status.APPROVED else [],
        "urls": _urls(order, rma),
        "tracking_number": rma.tracking_number,
        "problem": problem,
        "is_new": request.GET.get("done") == "1",
    }
    return render(request, "orders/back/return.html", context, status=status)


def _statement(rma: Return) -> dict[str, str] | None:
    if rma.kind != Return.Kind.WITHDRAWAL:
        return None
    return {"words": rma.words, "stamp": case_words.second(rma.requested_at)}


def _pieces(exchange: Exchange) -> list[str]:
    rows = exchange.lines.select_related("variant__product").order_by("pk")
    return [
        f"{one.quantity} × {one.variant.product.title}"
        + (f", {one.variant.label}" if one.variant.label else "")
        for one in rows
    ]


def _urls(order: Order, rma: Return) -> dict[str, str]:
    """Where what can be done now is done; what can't be is empty."""
    with_label = rma.way == Return.Way.LABEL and rma.status in (Status.APPROVED, Status.IN_TRANSIT)
    is_sent_by_buyer = rma.status == Status.APPROVED and rma.way != Return.Way.KEEP
    return {
        "cancel": _url(order, "return_cancel", rma) if can(rma, Status.CANCELED) else "",
        "label": _url(order, "return_label", rma) if with_label else "",
        "posted": _url(order, "return_posted", rma) if is_sent_by_buyer else "",
    }


def _url(order: Order, name: str, rma: Return) -> str:
    return page_of(order, f"orders:{name}", rma.number)


@require_POST
def return_cancel(request: HttpRequest, number: str, rma_number: str) -> HttpResponse:
    """Call it off, as long as nothing is on its way."""
    order = order_of(request, number)
    rma = rma_of(order, rma_number)
    return _done(request, rma, lambda now: returns.cancel(rma_id=rma.pk, actor=None, now=now))


@require_POST
def return_posted(request: HttpRequest, number: str, rma_number: str) -> HttpResponse:
    """The buyer has given it to a carrier."""
    order = order_of(request, number)
    rma = rma_of(order, rma_number)
    tracking = clean(request.POST.get("tracking_number", ""))[:60]
    return _done(
        request,
        rma,
        lambda now: returns.on_its_way(
            rma_id=rma.pk, tracking_number=tracking, carrier="", actor=None, now=now
        ),
    )


def _done(request: HttpRequest, rma: Return, act: Any) -> HttpResponse:
    order = rma.order
    limits.check(request, limits.RETURNS)
    now: dt.datetime = timezone.now()
    try:
        act(now)
    except Refused as refusal:
        rma.refresh_from_db()
        rma.order = order
        return show(request, order, rma, problem=refusal.message, status=409)
    return redirect(page_of(order, "orders:return", rma.number))


@require_POST
def return_label(request: HttpRequest, number: str, rma_number: str) -> HttpResponseBase:
    """The label to print: bought when it is first asked for, the same one ever after."""
    order = order_of(request, number)
    rma = rma_of(order, rma_number)
    if not _urls(order, rma)["label"]:
        raise Http404
    limits.check(request, limits.RETURNS)
    label = rma.labels.filter(status=Label.Status.BOUGHT).exclude(file="").first()
    try:
        label = label or labelling.buy_for_return(rma_id=rma.pk, actor=None, now=timezone.now())
        paper = label.file.open("rb")
    except Refused as refusal:
        return show(request, order, rma, problem=refusal.message, status=409)
    except (OSError, ValueError):
        text = _("The label is not ready yet. Please try again in a minute.")
        return show(request, order, rma, problem=text, status=503)
    response = FileResponse(paper, as_attachment=True, filename=f"{rma.number}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response
