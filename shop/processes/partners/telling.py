"""Telling a partner what to send, by a signed call or by mail, until it is taken."""

import datetime as dt
import json
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order
from orders.services import orders
from shipping import emails
from shipping.models import HandOff
from shop.lib.calling import safe_post
from shop.lib.network import Door, FetchRefused
from shop.lib.signatures import HEADER, sign
from shop.outbox import mail
from shop.processes.handing_off import OFF, SEND

Status = HandOff.Status
TIMEOUT = 10


class ChangedMeanwhile(Exception):
    """Raised when the hand-off was written anew while the partner was told; tell once more."""


def tell(*, hand_off_id: int, what: str, now: dt.datetime, trusted: Collection[Door] = ()) -> None:
    """Tell a partner of a hand-off (SEND), or that it is off (OFF). Safe to repeat.

    No transaction is held while the network is asked. Raises FetchRefused, with the problem kept
    with the hand-off, so that the outbox tries again. `trusted` is for tests.
    """
    rows = HandOff.objects.select_related("location__supplier", "order__market")
    one = rows.get(pk=hand_off_id)
    if what == SEND and (one.status != Status.PENDING or _is_held(one.order)):
        return
    if one.location.webhook_url:
        if not _call(one, what, now, trusted):
            return
    elif not emails.address_of(one):
        _keep(one, _("Nobody knows how to tell this partner: no address is written down."))
        return
    with transaction.atomic():
        if not one.location.webhook_url:
            mail.send(emails.hand_off_letter(one, is_off=what == OFF))
        if what == SEND:
            _mark(one, now)


def _is_held(order: Order) -> bool:
    """What stops an order stops its partners; they are told when it goes on."""
    return orders.holds(order).exists()


def _mark(one: HandOff, now: dt.datetime) -> None:
    same = HandOff.objects.filter(pk=one.pk, status=Status.PENDING, contents=one.contents)
    if not same.update(status=Status.TOLD, told_at=now, problem=""):
        raise ChangedMeanwhile(one.pk)


def _call(one: HandOff, what: str, now: dt.datetime, trusted: Collection[Door]) -> bool:
    """False when there is no secret to sign with."""
    secret = one.location.secret
    if not secret:
        _keep(one, _("This location has no secret to sign with."))
        return False
    body = json.dumps(_body(one, what), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", HEADER: sign(body, secret=secret, now=now)}
    try:
        safe_post(
            one.location.webhook_url,
            body=body,
            headers=headers,
            timeout=TIMEOUT,
            trusted=trusted,
        )
    except FetchRefused as refusal:
        _keep(one, refusal.message)
        raise
    return True


def _keep(one: HandOff, problem: str) -> None:
    HandOff.objects.filter(pk=one.pk).update(problem=problem[:300])


def _body(one: HandOff, what: str) -> dict[str, Any]:
    order = one.order
    page = reverse("shipping:partner_answer", args=[one.location.code])
    return {
        "type": "order.off" if what == OFF else "order.send",
        "reference": one.reference,
        "order": order.number,
        "placed_at": order.placed_at.isoformat(),
        "delivery": order.shipping_name,
        "address": {name: getattr(order, name) for name in emails.ADDRESS},
        "lines": [
            {"line": row.line, "sku": row.sku, "title": row.title, "quantity": row.quantity}
            for row in emails.pieces_of(one)
        ],
        "answer_to": f"{settings.SITE_URL}{page}",
    }
