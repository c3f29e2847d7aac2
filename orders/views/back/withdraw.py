"""Withdrawing from a contract, in two steps and without giving a reason.

Article 11a of Directive 2011/83/EU, as Directive (EU) 2023/2673 put it in: usable without an
account, open as long as the period runs, with a receipt that says what was declared and when.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from orders.models import Order
from orders.services.case_words import second
from orders.views.back.statement import Piece, WithdrawalForm, chosen, pieces_of, words_of
from orders.views.cases import page_of
from shop.lib import limits
from shop.lib.errors import Refused
from shop.lib.limits import TooOften
from shop.processes import returns, withdrawing
from shop.processes.withdrawing import Declared


@dataclass(frozen=True, slots=True)
class _Page:
    """order: whose key the address carries, if any; pieces: of it, that may be named."""

    request: HttpRequest
    form: WithdrawalForm
    order: Order | None
    pieces: list[Piece]
    now: dt.datetime


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Declare, look at it once more, confirm. For anybody who knows an order's number and e-mail."""
    now = timezone.now()
    order = _keyed(request)
    initial = {"name": order.name, "number": order.number, "email": order.email} if order else {}
    form = WithdrawalForm(request.POST or None, initial=initial, is_known=order is not None)
    pieces = pieces_of(order, request.POST, now=now) if order else []
    page = _Page(request, form, order, pieces, now)
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return _declare(page)
    if not form.is_valid() or form.is_without_pieces(pieces):
        return _declare(page, status=422)
    if step != "confirm":
        return _look(page)
    try:
        # Without a key the letter box counts too: it is not flooded with receipts.
        limits.check(request, limits.WITHDRAW, target="" if order else form.cleaned_data["email"])
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return _declare(page, status=429)
    return _confirmed(page, order) if order else _noted(page)


def _keyed(request: HttpRequest) -> Order | None:
    number = request.GET.get("order", "")[:20]
    order = Order.objects.select_related("market").filter(number=number).first() if number else None
    return order if order and order.opens_with(request.GET.get("t", "")) else None


def _declared(page: _Page) -> Declared:
    data = page.form.cleaned_data
    order = page.order
    return Declared(
        number=order.number if order else data["number"],
        email=order.email if order else data["email"],
        name=data["name"],
        pieces=words_of(page.form, page.pieces),
        at=page.now,
        key=data["key"] or uuid.uuid4().hex,
    )


def _confirmed(page: _Page, order: Order) -> HttpResponse:
    """On an order's own page it is carried out at once."""
    declared = _declared(page)
    wanted = chosen(page.form, page.pieces)
    try:
        rma = returns.withdraw(
            order_id=order.pk,
            wanted=wanted,
            words=declared.words,
            key=f"withdrawal-{order.number}-{declared.key}",
            now=page.now,
        )
    except Refused as refusal:
        withdrawing.doubted(order=order, declared=declared, refusal=refusal)
        return _answer(page, declared, doubt=refusal.message)
    return redirect(f"{page_of(order, 'orders:return', rma.number)}&done=1")


def _noted(page: _Page) -> HttpResponse:
    """Without a key it is written down, and the page says the same whoever it was."""
    declared = _declared(page)
    withdrawing.note_down(declared)
    return _answer(page, declared)


def _declare(page: _Page, *, status: int = 200) -> HttpResponse:
    context = _context(page) | {"pieces": page.pieces, "errors": page.form.listed_errors()}
    return render(page.request, "orders/back/withdraw.html", context, status=status)


def _look(page: _Page) -> HttpResponse:
    declared = _declared(page)
    context = _context(page) | {
        "statement": declared.words,
        "kept": page.form.kept(page.pieces, key=declared.key),
    }
    return render(page.request, "orders/back/withdraw_confirm.html", context)


def _answer(page: _Page, declared: Declared, *, doubt: str = "") -> HttpResponse:
    context = _context(page) | {
        "statement": declared.words,
        "stamp": second(declared.at),
        "doubt": doubt,
    }
    return render(page.request, "orders/back/withdraw_done.html", context)


def _context(page: _Page) -> dict[str, Any]:
    query = page.request.GET.urlencode() if page.order else ""
    return {
        **page_context(page.request, seo=Seo(title=_("Withdraw from contract"), noindex=True)),
        "form": page.form,
        "here": f"{page.request.path}?{query}" if query else page.request.path,
        "order_url": page.order.get_absolute_url() if page.order else "",
        "number": page.order.number if page.order else "",
    }
