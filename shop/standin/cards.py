"""The cards one can pay with. None of them is real."""

import re
from dataclasses import dataclass

from shop.standin.errors import ApiError


@dataclass(frozen=True, slots=True)
class Card:
    number: str
    token: str
    label: str
    brand: str = "visa"
    decline_code: str = ""
    asks_bank: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        return " ".join(re.findall(".{4}", self.number))


APPROVED = Card("4242424242424242", "pm_card_visa", "pays")
DECLINED = Card(
    "4000000000000002", "pm_card_chargeDeclined", "is declined", decline_code="generic_decline"
)
ASKS_BANK = Card(
    "4000002760003184",
    "pm_card_authenticationRequired",
    "asks for 3-D Secure",
    asks_bank=True,
)
NO_FUNDS = Card(
    "4000000000009995",
    "pm_card_chargeDeclinedInsufficientFunds",
    "has insufficient funds",
    decline_code="insufficient_funds",
)
MASTERCARD = Card("5555555555554444", "pm_card_mastercard", "pays", brand="mastercard")

LISTED = (APPROVED, DECLINED, ASKS_BANK, NO_FUNDS)
_ALL = (*LISTED, MASTERCARD)
_BY_NUMBER = {card.number: card for card in _ALL}
_BY_TOKEN = {card.token: card for card in _ALL} | {
    "pm_card_visa_chargeDeclined": DECLINED,
    "pm_card_visa_chargeDeclinedInsufficientFunds": NO_FUNDS,
    "pm_card_threeDSecure2Required": ASKS_BANK,
    "pm_card_threeDSecureRequired": ASKS_BANK,
}

# Said to the shopper at the card field, by decline code.
DECLINE_WORDS = {
    "generic_decline": "This card was declined. Try another card.",
    "insufficient_funds": "This card has insufficient funds. Try another card.",
    "authentication_failure": "Your bank could not confirm that it is you. Try another card.",
}


def by_number(typed: str) -> Card | None:
    return _BY_NUMBER.get(re.sub(r"[\s-]", "", typed))


def by_token(token: str) -> Card:
    card = _BY_TOKEN.get(token)
    if card is None:
        raise ApiError(
            f"No such PaymentMethod: '{token}'", code="resource_missing", param="payment_method"
        )
    return card
