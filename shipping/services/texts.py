"""Text messages about a parcel: owed where the buyer wants them, worded when they leave."""

import datetime as dt

from django.utils import translation

from accounts.models import Purpose
from accounts.services import consents
from orders.models import Order
from orders.services.placeholders import placeholders
from shipping.models import Fulfilment
from shop.lib.phones import e164
from shop.outbox import delivery, sms
from shop.outbox.kinds import TEXTED
from shop.outbox.models import post
from shop.outbox.own_words import fill, own_text
from shop.outbox.sms import Text


def owe(*, parcel: Fulfilment, kind: str, now: dt.datetime) -> None:
    """Owe the text that goes with a mail (a kind of outbox.kinds), in the caller's transaction.

    Nothing personal is in what is owed: it is looked up when it leaves.
    """
    if kind in TEXTED and parcel.order.wants_sms and sms.is_on():
        key = f"sms-{parcel.pk}-{kind.rpartition('/')[2]}"
        payload = {"fulfilment_id": parcel.pk, "kind": kind, "key": key}
        post(topic="sms.parcel", key=key, payload=payload, now=now)
        delivery.ring()


def text_about(parcel: Fulfilment, kind: str, *, key: str) -> Text | None:
    """What to send; None where staff switched it off, consent is gone, or there is no number."""
    order = parcel.order
    own = own_text(kind, order.language)
    number = e164(order.phone, order.country)
    if (
        not order.wants_sms
        or _is_refused(order)
        or not number
        or (own is not None and not own.is_texted)
    ):
        return None
    with translation.override(order.language):
        words = own.sms if own is not None and own.sms else str(TEXTED[kind].sms)
    values = placeholders(order, carrier=parcel.carrier, tracking_number=parcel.tracking_number)
    return Text(kind, number, fill(words, values), key, order.number)


def _is_refused(order: Order) -> bool:
    """Whether the buyer has withdrawn since; asked when a text is about to leave."""
    return consents.is_refused(customer=order.customer, email=order.email, purpose=Purpose.SMS)
