"""Starting a return or an exchange: choose, see what it comes to, confirm."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from orders.models import Order, Return
from orders.services import return_policy
from orders.views.back import figures
from orders.views.back.asked import Asked, read
from orders.views.back.lines import Row, rows_of
from orders.views.cases import page_of
from orders.views.keyed import order_of
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.limits import TooOften
from shop.processes import returns

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Page:
    """What both steps need."""

    request: HttpRequest
    order: Order
    asked: Asked
    rows: Sequence[Row]
    now: dt.datetime


@require_http_methods(["GET", "POST"])
def return_start(request: HttpRequest, number: str) -> HttpResponse:
    """One address, two steps. Nothing is kept before the second: the form carries it along."""
    order, now = order_of(request, number), timezone.now()
    verdicts = returns.verdicts(order=order, now=now)
    asked = read(request.POST, verdicts)
    page = _Page(request, order, asked, rows_of(order, verdicts, asked.picks, now=now), now)
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return _choose(page)
    try:
        limits.check(request, limits.RETURNS)
    except TooOften as refusal:
        return _choose(page, [refusal.message], status=429)
    if step == "confirm":
        return _confirm(page)
    problems = _problems(page)
    return _choose(page, problems, status=422) if problems else _estimate(page)


def _problems(page: _Page) -> list[str]:
    """What the policy says against it, each once."""
    asked = page.asked
    if asked.wish not in Return.Wish:
        return [_("Choose what you would like for it.")]
    found = returns.estimate(
        order=page.order, wanted=asked.wanted, wish=asked.wish, swaps=asked.swaps, now=page.now
    )
    return list(dict.fromkeys(found.problems))


def _confirm(page: _Page) -> HttpResponse:
    """Ask for it, once per key: a second click finds what the first one did."""
    asked, order = page.asked, page.order
    ways = [one.value for one in figures.ways(page.rows, asked.wanted)]
    try:
        rma = returns.request(
            order_id=order.pk,
            wanted=asked.wanted,
            wish=asked.wish,
            swaps=asked.swaps,
            words=asked.words,
            photos=_photos(page),
            key=f"{order.number}-{asked.key}",
            actor=None,
            now=page.now,
            way=asked.way if asked.way in ways else Return.Way.OWN,
        )
    except Refused as refusal:
        if problems := _problems(page):
            return _choose(page, problems, status=422)
        return _estimate(page, [refusal.message], status=422)
    return redirect(f"{page_of(order, 'orders:return', rma.number)}&done=1")


def _photos(page: _Page) -> list[returns.Photo]:
    """The pictures that came along. Raises Refused for what is missing or too large."""
    wanting = {one.code for one in return_policy.reasons() if one.wants_photo}
    found = []
    for one in page.asked.wanted:
        sent = page.request.FILES.getlist(f"photo-{one.line_id}")
        if one.reason in wanting and not sent:
            raise Refused(_("Please add a picture of what is wrong."))
        found += [returns.Photo(one.line_id, content(file)) for file in sent]
    return found


def content(file: "UploadedFile[Any]") -> bytes:
    """What was sent. Raises Refused when it is larger than a picture has to be."""
    if (file.size or 0) > MOST_BYTES:
        raise Refused(_("The picture is larger than 10 MB."))
    return bytes(file.read())


def _choose(page: _Page, problems: Sequence[str] = (), *, status: int = 200) -> HttpResponse:
    context = {
        **_context(page, problems),
        "rows": page.rows,
        "is_possible": any(row.units for row in page.rows),
        "reasons": return_policy.reasons(),
        "wishes": figures.wishes(page.order, page.rows),
        "policy": return_policy.words(product=None, country=page.order.country),
    }
    return render(page.request, "orders/back/start.html", context, status=status)


def _estimate(page: _Page, problems: Sequence[str] = (), *, status: int = 200) -> HttpResponse:
    found = returns.estimate(
        order=page.order,
        wanted=page.asked.wanted,
        wish=page.asked.wish,
        swaps=page.asked.swaps,
        now=page.now,
    )
    context = {
        **_context(page, problems),
        "told": figures.told(page.order, page.asked, found, page.rows),
        "kept": figures.fields(page.asked),
        "key": page.asked.key or uuid.uuid4().hex,
        "ways": figures.ways(page.rows, page.asked.wanted),
        "way": page.asked.way,
    }
    return render(page.request, "orders/back/estimate.html", context, status=status)


def _context(page: _Page, problems: Sequence[str]) -> dict[str, Any]:
    title = _("Send something back")
    return {
        **page_context(page.request, seo=Seo(title=title, noindex=True)),
        "number": page.order.number,
        "currency": page.order.currency,
        "order_url": page.order.get_absolute_url(),
        "here": page_of(page.order, "orders:return_start"),
        "asked": page.asked,
        "problems": [("main", text) for text in problems],
    }
