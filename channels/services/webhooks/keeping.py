"""What staff do with endpoints: their secrets, a try whether they answer, sending again."""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from channels.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from channels.services.webhooks import breaking
from channels.services.webhooks.happening import next_in_line, owe
from channels.services.webhooks.terms import PING
from shop.lib.errors import Refused
from shop.lib.locks import locked

PREFIX = "whsec_"


class NotInUse(Refused):
    """Raised when something is to be sent to an endpoint that is switched off."""


def new_secret() -> str:
    """256 random bits, recognisable in a file where they should not lie."""
    return PREFIX + secrets.token_urlsafe(32)


@transaction.atomic
def rotate(*, endpoint_id: int) -> str:
    """Give an endpoint a new secret and return it. What is sent is signed with both from now on.

    A secret that was being replaced already is let go of.
    """
    (endpoint,) = locked(WebhookEndpoint.objects.filter(pk=endpoint_id))
    secret = new_secret()
    endpoint.old_secret, endpoint.secret = endpoint.secret, secret
    endpoint.save(update_fields=["secret", "old_secret"])
    return secret


def finish_rotation(*, endpoint_id: int) -> None:
    """The other side knows the new secret: the old one signs nothing any more."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(old_secret="")


@transaction.atomic
def ping(*, endpoint: WebhookEndpoint, now: dt.datetime) -> WebhookDelivery:
    """Send something that means nothing, whatever the endpoint is told of. Raises NotInUse."""
    _check(endpoint)
    event = WebhookEvent.objects.create(
        topic=PING,
        key=f"ping-{uuid.uuid4()}",
        subject=f"webhook-{endpoint.pk}",
        payload={"sequence": next_in_line(), "data": {}},
        at=now,
    )
    breaking.ask_again(endpoint_id=endpoint.pk)
    (delivery,) = owe(event=event, endpoints=[endpoint], due_at=now)
    return delivery


@transaction.atomic
def replay(*, deliveries: Iterable[WebhookDelivery], now: dt.datetime) -> list[WebhookDelivery]:
    """Send again what was sent or given up: deliveries of their own, with the events' ids.

    What still waits is only due at once. Raises NotInUse.
    """
    waiting = WebhookDelivery.State.WAITING
    made: list[WebhookDelivery] = []
    for one in deliveries:
        _check(one.endpoint)
        if not WebhookDelivery.objects.filter(pk=one.pk, state=waiting).update(due_at=now):
            made += owe(event=one.event, endpoints=[one.endpoint], due_at=now, is_replay=True)
        breaking.ask_again(endpoint_id=one.endpoint_id)
    return made


def _check(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_active:
        raise NotInUse(_("%(name)s is not in use: switch it on first.") % {"name": endpoint.name})
