"""How the shop's machines are, for those who look after them."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from analytics.views.access import guarded
from analytics.views.books.tables import Cell, Table, words
from shop.outbox.models import Message
from shop.processes import health
from shop.processes.health import Light

MOST_FAILED = 25


def _page(request: HttpRequest) -> HttpResponse:
    """Lights in words, and the jobs that wait for a person."""
    now = timezone.now()
    lights = health.look(now=now)
    failed = list(health.given_up()[:MOST_FAILED])
    context = {
        "seo": {"title": _("Health")},
        "shop": settings.SHOP,
        "now": now,
        "is_red": health.is_red(lights),
        "table": _table(lights),
        "failed": [_failed(message) for message in failed],
        "failed_url": _outbox("failed"),
        "may_retry": request.user.has_perm("outbox.change_message"),
        "versions": health.versions(),
    }
    return render(request, "analytics/health/page.html", context)


def _retry(request: HttpRequest) -> HttpResponse:
    """One message, or all that were given up."""
    wanted = request.POST.get("message", "")
    if wanted != "all" and not wanted.isdecimal():
        raise Http404
    count = health.again(message_id=None if wanted == "all" else int(wanted), now=timezone.now())
    told = ngettext(
        "%(count)s message is on its way.", "%(count)s messages are on their way.", count
    )
    messages.info(request, told % {"count": count})
    return redirect("analytics:health")


page = require_GET(never_cache(guarded(_page, "audit.view_health")))
retry = require_POST(guarded(_retry, "audit.view_health", "outbox.change_message"))


def _table(lights: list[Light]) -> Table:
    return Table(
        label=_("Health"),
        columns=words(_("What"), _("State"), _("Details")),
        rows=[
            [
                Cell(light.name, _rows_behind(light)),
                Cell(light.state.words, tone=light.state.tone),
                Cell(light.says),
            ]
            for light in lights
        ],
    )


def _rows_behind(light: Light) -> str:
    """The page of what a light is about, where there is one."""
    pages = {
        "outbox": lambda: _outbox("waiting"),
        "failed": lambda: _outbox("failed"),
        "promises": lambda: reverse("analytics:books_checks"),
    }
    return pages[light.key]() if light.key in pages else ""


def _outbox(state: str) -> str:
    return f"{reverse('admin:outbox_message_changelist')}?{urlencode({'state': state})}"


def _failed(message: Message) -> dict[str, object]:
    return {
        "pk": message.pk,
        "key": message.key,
        "topic": message.topic,
        "error": message.last_error,
        "failed_at": message.failed_at,
        "url": reverse("admin:outbox_message_change", args=[message.pk]),
    }
