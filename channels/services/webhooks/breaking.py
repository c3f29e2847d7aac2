"""The circuit breaker: an endpoint that fails again and again is left alone for a while.

What is due to it waits; when the rest is over one delivery is tried, and tells whether to go on.
"""

import datetime as dt

from django.db.models import Q, QuerySet

from channels.models import WebhookDelivery, WebhookEndpoint
from channels.services.webhooks.terms import GIVEN_UP_AFTER, rest_after
from shop.lib.locks import locked

State = WebhookDelivery.State


def closed(*, now: dt.datetime) -> Q:
    """Deliveries whose endpoint may be asked now."""
    return Q(endpoint__closed_until=None) | Q(endpoint__closed_until__lte=now)


def heard(*, endpoint_id: int, is_taken: bool, now: dt.datetime) -> None:
    """Count a failure, or forget them all. The caller's transaction is short."""
    rows = WebhookEndpoint.objects.filter(pk=endpoint_id)
    if is_taken:
        rows.filter(~Q(failures=0) | Q(closed_until__isnull=False)).update(
            failures=0, closed_until=None
        )
        return
    for endpoint in locked(rows):
        endpoint.failures += 1
        rest = rest_after(endpoint.failures)
        endpoint.closed_until = now + rest if rest else None
        endpoint.save(update_fields=["failures", "closed_until"])


def ask_again(*, endpoint_id: int) -> None:
    """Staff want to know now whether it answers: the rest is over, the count stays."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(closed_until=None)


def endpoints_due(*, now: dt.datetime) -> "QuerySet[WebhookEndpoint]":
    """Endpoints in use that something is due to and that may be asked now."""
    due = WebhookDelivery.objects.filter(closed(now=now), state=State.WAITING, due_at__lte=now)
    return WebhookEndpoint.objects.filter(is_active=True, pk__in=due.values("endpoint")).order_by(
        "pk"
    )


def give_up(*, now: dt.datetime) -> int:
    """Let go of what nobody took for three days. What staff sent again has its own count."""
    old = WebhookDelivery.objects.filter(
        state=State.WAITING, is_replay=False, event__at__lt=now - GIVEN_UP_AFTER
    )
    return old.update(state=State.FAILED, done_at=now)
