"""The letter that brings an offer, with the link that takes it."""

from orders.emails import letter
from orders.models import Draft
from shop.outbox.mail import Letter


def offer_letter(draft: Draft, *, key: str) -> Letter:
    extra = {"message": draft.message, "until": draft.until}
    return letter(draft.order, "order_offer", key=key, extra=extra)
