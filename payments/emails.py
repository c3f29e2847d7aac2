"""The letter a gift card comes in."""

from django.conf import settings
from django.urls import reverse, set_script_prefix

from catalog.models import Market
from payments.models import ValueAccount
from payments.services import gift_cards
from shop.outbox.mail import Letter


def gift_card_letter(card: ValueAccount, *, key: str) -> Letter:
    """What the recipient gets. The kept copy does not show the code. Raises CodeLost."""
    code = gift_cards.code_of(card)
    order = card.line.order if card.line else None
    market = order.market if order else _market(card)
    language = (order and order.language) or (market and market.language) or settings.LANGUAGE_CODE
    return Letter(
        kind="payments/gift_card",
        to=card.recipient_email,
        key=key,
        reference=order.number if order else f"gift-card-{card.pk}",
        language=language,
        context={
            "card": card,
            "code": code,
            "sender": order.name if order else "",
            "shop_url": _absolute("catalog:home", market),
            "balance_url": _absolute("payments:balance", market),
        },
        secret=code,
    )


def _market(card: ValueAccount) -> Market | None:
    """For a card that staff gave: where its currency is the shop's."""
    return Market.objects.in_order().filter(currency=card.currency).first()


def _absolute(name: str, market: Market | None) -> str:
    set_script_prefix(market.prefix if market else "/")
    try:
        return f"{settings.SITE_URL}{reverse(name)}"
    finally:
        set_script_prefix("/")
