"""The door of the checkout: who comes when too many do waits in line, on a page that asks again."""

from collections.abc import Callable
from functools import wraps
from time import monotonic, time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.queries.page import Seo, page_context
from orders.services import waiting_room
from orders.services.waiting_room import Ticket, Turn
from orders.views import cookies
from orders.views.standing import Lost, Standing, lost_of, lost_of_guest
from shop.lib import limits
from shop.lib.http import only_reads

COOKIE = "turn"
LONGEST_QUEUE = 30.0
View = Callable[[HttpRequest], HttpResponse]


def in_turn(view: View) -> View:
    """Let nobody in but with a pass. Where too few are inside, everybody gets one at once."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        held = _pass_of(request)
        if held is None and _has_basket(request):
            return _at_the_door(request, view)
        return _serve(request, view, held)

    return guarded


@only_reads
def queue(request: HttpRequest) -> HttpResponse:
    """What the waiting page shows by now; 204 when the checkout is to be opened."""
    ticket = _ticket_of(request)
    lost = _lost(request) if ticket else None
    if ticket is None or lost is None:
        return HttpResponse(status=204)
    turn = _again(request, ticket)
    if turn is None or turn.is_in or not turn.number:
        response = HttpResponse(status=204)
    else:
        response = _told(request, "orders/_waiting_room.html", {}, Standing.of(turn, lost))
    return _keep(response, turn)


def _at_the_door(request: HttpRequest, view: View) -> HttpResponse:
    """Somebody with a basket and no pass: let in, or shown where the line ends."""
    now = timezone.now()
    ticket = _ticket_of(request)
    if ticket is None:
        limits.check(request, limits.TURN)
        queued = _seconds_in_queue(request)
        turn = waiting_room.knock(ticket=None, takes=False, now=now, queued=queued)
    else:
        turn = _again(request, ticket)
    if turn is None:
        return view(request)
    if turn.is_in:
        return _keep(_serve(request, view, turn.ticket), turn, unless_ordered=True)
    if request.method == "POST":
        return _keep(_to_the_line(request), turn)
    return _wait(request, view, turn)


def _again(request: HttpRequest, ticket: Ticket) -> Turn | None:
    """Somebody who waits asks again. For what is sold out by now nobody is let in."""
    now = timezone.now()
    lost = _lost(request)
    if lost is not None and lost.is_all:
        return waiting_room.look(ticket=ticket, now=now)
    queued = _seconds_in_queue(request)
    return waiting_room.knock(ticket=ticket, takes=False, now=now, queued=queued)


def _wait(request: HttpRequest, view: View, turn: Turn) -> HttpResponse:
    """The waiting page. Whose basket is sold out altogether needs no number for it."""
    lost = _lost(request)
    if lost is None:
        return view(request)
    if not turn.number and not lost.is_all:
        turn = waiting_room.knock(ticket=None, takes=True, now=timezone.now()) or turn
    if turn.is_in:
        return _keep(redirect("orders:checkout"), turn)
    return _page(request, turn, lost)


def _lost(request: HttpRequest) -> Lost | None:
    """What is gone of the basket, found once in a request; None without one."""
    if not hasattr(request, "lost"):
        request.lost = _find_lost(request)  # type: ignore[attr-defined]
    lost: Lost | None = request.lost  # type: ignore[attr-defined]
    return lost


def _find_lost(request: HttpRequest) -> Lost | None:
    now = timezone.now()
    if not request.user.is_authenticated and (token := cookies.token_of(request)):
        found = lost_of_guest(token=token, market=cookies.market_of(request), now=now)
        if found is not None:
            return found
    cart = cookies.cart_of(request)
    return lost_of(cart, now=now) if cart else None


def _page(request: HttpRequest, turn: Turn, lost: Lost) -> HttpResponse:
    context = {
        **page_context(request, seo=Seo(title=_("Waiting room"), noindex=True)),
        "is_still": "still" in request.GET,
    }
    told = _told(request, "orders/waiting_room.html", context, Standing.of(turn, lost))
    return _keep(told, turn)


def _told(
    request: HttpRequest, page: str, context: dict[str, Any], standing: Standing
) -> HttpResponse:
    """A page that says when it is worth while to look again, to machines as well."""
    response = render(request, page, {**context, "standing": standing})
    if not standing.lost.is_all:
        response["Retry-After"] = str(standing.seconds)
    return response


def _to_the_line(request: HttpRequest) -> HttpResponse:
    """A form that came without a pass: nothing is ordered, the page says how long it takes."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("orders:checkout")})
    return redirect("orders:checkout")


def _serve(request: HttpRequest, view: View, held: Ticket | None) -> HttpResponse:
    """The checkout itself; an order ends the pass, and tells how fast orders are placed."""
    started = monotonic() - _seconds_in_queue(request)
    response = view(request)
    if held and request.method == "POST" and _is_order(response):
        seconds = monotonic() - started
        waiting_room.ordered(ticket=held, seconds=seconds, now=timezone.now())
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def _seconds_in_queue(request: HttpRequest) -> float:
    """How long the proxy held this request until a thread was free; none where no proxy says."""
    told = str(request.META.get("HTTP_X_REQUEST_START", ""))
    if not (told.isascii() and told.isdigit()):
        return 0
    return min(max(0.0, time() - int(told[:15]) / 1000), LONGEST_QUEUE)


def _is_order(response: HttpResponse) -> bool:
    """Whether an answer leads on to paying or to the order."""
    return response.status_code == 302 and response["Location"] != reverse("orders:cart")


def _has_basket(request: HttpRequest) -> bool:
    return request.user.is_authenticated or bool(cookies.token_of(request))


def _pass_of(request: HttpRequest) -> Ticket | None:
    kept = request.COOKIES.get(COOKIE, "")
    is_form = request.method == "POST"
    held = waiting_room.pass_in(kept, sends=is_form) if kept else None
    # The second click of an order comes with its pass, too, but without an open basket.
    if held and is_form and waiting_room.is_used(held) and cookies.cart_of(request) is not None:
        return None
    return held


def _ticket_of(request: HttpRequest) -> Ticket | None:
    kept = request.COOKIES.get(COOKIE, "")
    return waiting_room.ticket_in(kept) if kept else None


def _keep(
    response: HttpResponse, turn: Turn | None, *, unless_ordered: bool = False
) -> HttpResponse:
    """Give the browser its number, signed anew: whoever looks again has not left."""
    if turn is None or not turn.number or (unless_ordered and COOKIE in response.cookies):
        return response
    response.set_cookie(
        COOKIE,
        waiting_room.signed(turn.ticket),
        max_age=int(waiting_room.SENDS.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
