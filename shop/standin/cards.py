"""The cards one can pay with. None of them is real."""

import hashlib
import re
from dataclasses import dataclass

from shop.standin.errors import ApiError
from shop.standin.objects import Json

RISK_SCORES = {"normal": 12, "elevated": 70, "highest": 90}


@dataclass(frozen=True, slots=True)
class Card:
    """`risk` is normal, elevated or highest; `dispute` the reason its charges are disputed for."""

    number: str
    token: str
    label: str
    brand: str = "visa"
    country: str = "GB"
    decline_code: str = ""
    asks_bank: bool = False
    risk: str = "normal"
    is_blocked: bool = False
    dispute: str = ""
    is_inquiry: bool = False
    fails_check: str = ""
    refunds: str = ""

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        return " ".join(re.findall(".{4}", self.number))

    @property
    def fingerprint(self) -> str:
        """The same for each use of a number, and nothing one could pay with."""
        return hashlib.sha256(f"card {self.number}".encode()).hexdigest()[:16]

    def details(self) -> Json:
        """What Stripe tells about a card, of a PaymentMethod and of a charge."""
        return {
            "brand": self.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": self._check("postal_code"),
                "cvc_check": self._check("cvc"),
            },
            "country": self.country,
            "exp_month": 12,
            "exp_year": 2040,
            "fingerprint": self.fingerprint,
            "funding": "credit",
            "last4": self.last4,
        }

    def outcome(self) -> Json:
        """How a try to charge it ends, and how risky Stripe finds it."""
        refused = bool(self.decline_code)
        kind = "blocked" if self.is_blocked else "issuer_declined" if refused else "authorized"
        network = "not_sent_to_network" if self.is_blocked else "approved_by_network"
        reason = f"{self.risk}_risk_level" if self.risk != "normal" else None
        return {
            "network_status": "declined_by_network" if kind == "issuer_declined" else network,
            "reason": self.decline_code if kind == "issuer_declined" else reason,
            "risk_level": self.risk,
            "risk_score": 99 if self.is_blocked else RISK_SCORES[self.risk],
            "seller_message": "Payment complete." if not refused else "The payment was refused.",
            "type": kind,
        }

    def _check(self, what: str) -> str:
        return "fail" if self.fails_check == what else "pass"


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
ELEVATED = Card(
    "4000000000009235", "pm_card_riskLevelElevated", "pays, elevated risk", risk="elevated"
)
DISPUTED = Card(
    "4000000000000259", "pm_card_createDispute", "pays, is disputed", dispute="fraudulent"
)
ABROAD = Card("4000002500000003", "pm_card_fr", "pays, from France", country="FR")

LISTED = (APPROVED, DECLINED, ASKS_BANK, NO_FUNDS, ELEVATED, DISPUTED, ABROAD)
_ALL = (
    *LISTED,
    Card("5555555555554444", "pm_card_mastercard", "pays", brand="mastercard"),
    Card(
        "4100000000000019",
        "pm_card_radarBlock",
        "is blocked",
        decline_code="fraudulent",
        risk="highest",
        is_blocked=True,
    ),
    Card("4000000000004954", "pm_card_riskLevelHighest", "pays, highest risk", risk="highest"),
    Card(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        "pays, is disputed",
        dispute="product_not_received",
    ),
    Card(
        "4000000000001976",
        "pm_card_createDisputeInquiry",
        "pays, the bank asks",
        dispute="general",
        is_inquiry=True,
    ),
    Card("4000002760000016", "pm_card_de", "pays, from Germany", country="DE"),
    Card("4000008400001000", "pm_card_us", "pays, from the USA", country="US"),
    Card("4000000000000101", "pm_card_cvcCheckFail", "pays, wrong CVC", fails_check="cvc"),
    Card(
        "4000000000000036",
        "pm_card_avsZipFail",
        "pays, wrong postcode",
        fails_check="postal_code",
    ),
    Card("4000000000007726", "pm_card_pendingRefund", "pays, slow refund", refunds="pending"),
    Card("4000000000005126", "pm_card_refundFail", "pays, refund fails"),
)
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
    "fraudulent": "This card was declined. Try another card.",
    "insufficient_funds": "This card has insufficient funds. Try another card.",
    "authentication_failure": "Your bank could not confirm that it is you. Try another card.",
}


def by_number(typed: str) -> Card | None:
    return _BY_NUMBER.get(re.sub(r"[\s-]", "", typed))


def is_token(token: str) -> bool:
    return token in _BY_TOKEN


def by_token(token: str) -> Card:
    card = _BY_TOKEN.get(token)
    if card is None:
        raise ApiError(
            f"No such PaymentMethod: '{token}'", code="resource_missing", param="payment_method"
        )
    return card
