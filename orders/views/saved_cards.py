"""Choosing one of one's own cards at the checkout."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils import timezone

from accounts.services import customers
from payments.models import SavedCard
from payments.services import cards


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the shopper's own, as the checkout shows it."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class WayToPay:
    """A way to pay as the checkout shows it, with the shopper's own cards where it is by card."""

    value: str
    name: str
    hint: str
    is_chosen: bool
    saved_cards: tuple[Card, ...] = ()
    is_card_chosen: bool = False


def offer(
    request: HttpRequest, payments: Iterable[WayToPay], *, chosen: str
) -> tuple[WayToPay, ...]:
    """The ways to pay, the cards of whoever is signed in under the one by card."""
    own = cards.usable(customers.of_user(request.user), now=timezone.now())
    choices = tuple(_choice(one, chosen) for one in own)
    is_one_chosen = any(one.is_chosen for one in choices)
    return tuple(
        replace(one, saved_cards=choices, is_card_chosen=is_one_chosen)
        if choices and one.value == cards.CODE
        else one
        for one in payments
    )


def _choice(card: SavedCard, chosen: str) -> Card:
    return Card(str(card.pk), cards.shown(card), is_chosen=str(card.pk) == chosen)


def chosen(request: HttpRequest) -> SavedCard | None:
    """The card that was chosen: one of the shopper's own, whatever was sent."""
    key = request.POST.get("saved_card", "")[:20]
    return cards.mine(customers.of_user(request.user), key, now=timezone.now()) if key else None
