"""What waits: messages owed to the world, work for the workers, and whether anybody works."""

import datetime as dt

import redis
from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from shop.lib import failures
from shop.outbox.models import Message
from shop.processes.health.lights import Light, State, above, worst

# Seconds the oldest message is late.
LATE, FAR_TOO_LATE = 60, 600
# Jobs in one queue.
MANY, FAR_TOO_MANY = 500, 5_000
# Seconds since a worker answered; it is asked every minute.
SILENT, DEAD = 180, 600
A_DAY = dt.timedelta(days=1)


def queue_names() -> list[str]:
    routed = {str(route["queue"]) for route in settings.CELERY_TASK_ROUTES.values()}
    return sorted(routed | {str(settings.CELERY_TASK_DEFAULT_QUEUE)})


def given_up() -> QuerySet[Message]:
    return (
        Message.objects.filter(done_at=None).exclude(failed_at=None).order_by("-failed_at", "-pk")
    )


def outbox(*, now: dt.datetime) -> Light:
    """How late the oldest first try is: tried ones come back later on purpose."""
    due = (
        Message.objects.due(now=now)
        .order_by()
        .aggregate(count=Count("pk"), oldest=Min("due_at", filter=Q(tries=0)))
    )
    late = (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0
    says = _("%(count)s waiting, the oldest for %(late)s s.") % {
        "count": due["count"],
        "late": round(late),
    }
    return Light("outbox", lazy("Outbox"), above(late, watch=LATE, bad=FAR_TOO_LATE), says)


def failed(*, now: dt.datetime) -> Light:
    """Messages nobody tries to deliver any more, and jobs that broke off since yesterday."""
    count = given_up().count()
    broken = [one for one in failures.recent() if one.at > now - A_DAY]
    state = worst(
        State.BAD if count else State.GOOD,
        State.WATCH if broken else State.GOOD,
    )
    told = [
        ngettext("%(count)s message was given up.", "%(count)s messages were given up.", count)
        % {"count": count}
    ]
    if broken:
        names = sorted({f"{one.name} ({one.error})" for one in broken})
        told.append(_("Broken off since yesterday: %(names)s.") % {"names": ", ".join(names[:6])})
    return Light("failed", lazy("Failed jobs"), state, " ".join(told))


def workers(*, now: dt.datetime) -> list[Light]:
    """A light for every queue: how long it is, and when it was last worked on."""
    with redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as line:
        waiting = {name: int(line.llen(name)) for name in queue_names()}
    return [_worker(name, count, now) for name, count in waiting.items()]


def pulse(*, queue: str, now: dt.datetime) -> None:
    """Called by the worker of a queue: it lives, and so does the clock that asked it to."""
    cache.set(_key(queue), now, timeout=None)


def _worker(name: str, count: int, now: dt.datetime) -> Light:
    seen: dt.datetime | None = cache.get(_key(name))
    told = _("%(count)s jobs waiting.") % {"count": count}
    state = above(count, watch=MANY, bad=FAR_TOO_MANY)
    if seen is None:
        heard = _("Never heard of a worker.")
        state = worst(state, State.WATCH)
    else:
        silent = (now - seen).total_seconds()
        heard = _("A worker answered %(seconds)s s ago.") % {"seconds": round(silent)}
        state = worst(state, above(silent, watch=SILENT, bad=DEAD))
    return Light("queue", _("Queue %(name)s") % {"name": name}, state, f"{told} {heard}")


def _key(queue: str) -> str:
    return f"health:pulse:{queue}"
