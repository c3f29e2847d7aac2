"""Choosing one of one's own cards at the checkout."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.services import customers
from payments.models import SavedCard
from payments.services import cards


def offer(request: HttpRequest, payments: list[dict[str, Any]], *, chosen: str) -> None:
    """Put the cards of whoever is signed in under the way to pay by card."""
    own = cards.usable(customers.of_user(request.user), now=timezone.now())
    for payment in payments:
        if own and payment["value"] == cards.CODE:
            choices = [_choice(one, chosen) for one in own]
            payment["saved_cards"] = choices
            payment["is_card_chosen"] = any(one["is_chosen"] for one in choices)


def _choice(card: SavedCard, chosen: str) -> dict[str, Any]:
    return {"value": str(card.pk), "name": cards.shown(card), "is_chosen": str(card.pk) == chosen}


def chosen(request: HttpRequest) -> SavedCard | None:
    """The card that was chosen: one of the shopper's own, whatever was sent."""
    key = request.POST.get("saved_card", "")[:20]
    return cards.mine(customers.of_user(request.user), key, now=timezone.now()) if key else None
