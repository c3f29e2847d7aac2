"""The waiting room before the checkout, for those who plan a sale: its length, its pace, its doors."""

from math import ceil

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from analytics.forms.waiting_room import WaitingRoomForm
from analytics.views.access import guarded
from analytics.views.books.tables import Cell, Column, Table, numbers, words
from analytics.views.figures import Kpi
from orders.services import waiting_room
from orders.services.waiting_room import Minute, Turn

LAST = 15
TIME = "%H:%M"


def _page(request: HttpRequest) -> HttpResponse:
    return _shown(request)


def _change(request: HttpRequest) -> HttpResponse:
    """Open it, let in more or fewer, or close it."""
    now = timezone.now()
    if "close" in request.POST:
        return _told(request, waiting_room.close_room(now=now), _("The waiting room is closed."))
    form = WaitingRoomForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, status=422)
    per_minute = form.cleaned_data["per_minute"]
    done = waiting_room.open_room(per_minute=per_minute, now=now)
    said = _("The waiting room is open, and nobody is let in.")
    if per_minute:
        said = _("The waiting room is open: %(count)s a minute are let in.") % {"count": per_minute}
    return _told(request, done, said)


page = require_GET(never_cache(guarded(_page, "orders.view_dashboard")))
# Whoever plans sales opens the door for them.
change = require_POST(guarded(_change, "orders.view_dashboard", "catalog.change_sale"))


def _told(request: HttpRequest, is_done: bool, said: str) -> HttpResponse:  # noqa: FBT001
    if is_done:
        messages.success(request, said)
    else:
        messages.error(request, _("Valkey does not answer: nothing was changed, nobody waits."))
    return redirect("analytics:waiting_room")


def _shown(
    request: HttpRequest, form: WaitingRoomForm | None = None, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    turn = waiting_room.look(now=now)
    rows = waiting_room.minutes(last=LAST, now=now)
    usual = waiting_room.usual_rate()
    rate = ceil(turn.per_minute) if turn and turn.is_opened_by_staff else usual
    context = {
        "seo": {"title": _("Waiting room")},
        "shop": settings.SHOP,
        "now": now,
        "state": _state(turn),
        "is_opened_by_staff": bool(turn and turn.is_opened_by_staff),
        "usual": usual,
        "kpis": _kpis(turn, rows) if turn else [],
        "table": _table(rows),
        "form": form or WaitingRoomForm(initial={"per_minute": rate}),
        "may_change": request.user.has_perm("catalog.change_sale"),
    }
    return render(request, "analytics/waiting_room.html", context, status=status)


def _state(turn: Turn | None) -> str:
    if turn is None:
        return _("Valkey does not answer: everybody is let in.")
    if turn.is_opened_by_staff:
        return _("Open: everybody waits in line.")
    if turn.is_open:
        return _("Open by itself: more came than the shop serves well.")
    return _("Closed: everybody is let in at once.")


def _kpis(turn: Turn, rows: list[Minute]) -> list[Kpi]:
    inside = sum(row.let_in - row.ordered for row in rows)
    return [
        _kpi(_("In line"), str(turn.waiting), _("Tickets that are not called yet.")),
        _kpi(_("A newcomer waits"), _minutes(turn), _("The line at the pace of this moment.")),
        _kpi(
            _("Let in per minute"),
            str(round(turn.per_minute)),
            _("Fewer than were set while placing an order takes longer than a second."),
        ),
        _kpi(
            _("In the checkout"),
            str(max(0, inside)),
            _("Let in within fifteen minutes and no order yet. Some have left."),
        ),
    ]


def _minutes(turn: Turn) -> str:
    if turn.per_minute <= 0:
        return _("until you let somebody in")
    minutes = ceil(turn.waiting / turn.per_minute)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def _kpi(label: str, value: str, definition: str) -> Kpi:
    return Kpi(label, value, "", "flat", definition, "")


def _table(rows: list[Minute]) -> Table:
    columns: list[Column] = [*words(_("Minute")), *numbers(_("Came"), _("Let in"), _("Ordered"))]
    return Table(
        label=_("The last minutes"),
        columns=columns,
        rows=[
            [
                Cell(timezone.localtime(row.at).strftime(TIME)),
                *(Cell(str(n), is_number=True) for n in (row.came, row.let_in, row.ordered)),
            ]
            for row in rows
        ],
    )
