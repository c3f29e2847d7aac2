"""What is personal in the tables of trade: orders and all that hangs on them."""

from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat, Left

from shop.processes.privacy.fields.words import (
    Fields,
    Kind,
    Personal,
    anonymise,
    blank,
    delete,
    keep,
)

# As much of a postcode as tells the region, which statistics and thresholds of tax need.
REGION = Left("postcode", 2)
GONE = "gone"
# Events of one moment stay apart.
NUMBERED = Concat(Value("… "), Cast(F("pk"), CharField()))

ORDERS: dict[str, Fields] = {
    "orders.Cart": {
        **delete(Kind.IDENTITY, "token", is_exported=False),
        **delete(Kind.ADDRESS, "country", "postcode"),
    },
    "orders.CartLine": {
        **delete(Kind.WORDS, "answers"),
        **delete(Kind.WORDS, "answers_key", is_exported=False),
    },
    "orders.Order": {
        **blank(Kind.CONTACT, "email", "phone"),
        **blank(Kind.NAME, "name", "company"),
        **blank(Kind.ADDRESS, "line1", "line2", "city", "pickup"),
        **anonymise(Kind.ADDRESS, "postcode", REGION),
        **keep(Kind.ADDRESS, "country", "region"),
        # Stays where it is the reason that no tax was charged.
        **keep(Kind.IDENTITY, "vat_number"),
        **blank(Kind.WORDS, "gift_note", "tags", "reference"),
        **blank(Kind.NETWORK, "ip"),
    },
    # Of what was asked for on top, the words go and the price stays.
    "orders.OrderLine": anonymise(Kind.WORDS, "extras", None),
    "orders.OrderEdit": {
        **blank(Kind.WORDS, "reason"),
        **anonymise(Kind.ADDRESS, "changes", None),
    },
    "orders.OrderEvent": blank(Kind.WORDS, "note"),
    "orders.Return": {
        **blank(Kind.WORDS, "words", "decline_reason"),
        **blank(Kind.IDENTITY, "tracking_number"),
    },
    "orders.ReturnLine": blank(Kind.WORDS, "note"),
    "orders.ReturnCheck": blank(Kind.WORDS, "note"),
    "orders.ReturnEvent": blank(Kind.WORDS, "note"),
    "orders.Claim": blank(Kind.WORDS, "words", "decline_reason"),
    "orders.ClaimEvent": blank(Kind.WORDS, "note"),
    "orders.ExchangeEvent": blank(Kind.WORDS, "note"),
    "orders.CasePhoto": delete(Kind.FILE, "file"),
    "orders.OrderFile": {**delete(Kind.FILE, "file"), **delete(Kind.WORDS, "name")},
    "orders.CallTask": {**blank(Kind.CONTACT, "phone"), **blank(Kind.WORDS, "reason", "script")},
    "orders.CallAttempt": blank(Kind.WORDS, "note"),
    "orders.Upload": delete(Kind.FILE, "file"),
    "orders.Draft": blank(Kind.WORDS, "message"),
    "orders.Hold": blank(Kind.WORDS, "reason"),
    # What a rule did stays, without its words.
    "orders.OrderRuleRun": anonymise(Kind.WORDS, "done", None),
    "orders.Wishlist": {
        **delete(Kind.IDENTITY, "token", "share_key", is_exported=False),
        **delete(Kind.WORDS, "name"),
    },
}
MONEY: dict[str, Fields] = {
    "payments.Payment": {
        **blank(Kind.PAYMENT, "card"),
        **blank(Kind.IDENTITY, "fingerprint", is_exported=False),
        # The names of what the books were written from.
        **keep(Kind.PAYMENT, "provider_ref", "charge_ref", is_exported=False),
    },
    "payments.PaymentEvent": {
        **blank(Kind.WORDS, "message"),
        **blank(Kind.PAYMENT, "data", is_exported=False),
        **keep(Kind.PAYMENT, "provider_ref", is_exported=False),
    },
    "payments.Dispute": {
        **blank(Kind.WORDS, "statement"),
        **keep(Kind.PAYMENT, "provider_ref", is_exported=False),
    },
    "payments.EvidenceFile": {
        **delete(Kind.FILE, "file"),
        **delete(Kind.WORDS, "name"),
        **delete(Kind.IDENTITY, "provider_ref", is_exported=False),
    },
    "payments.GrantedRefund": blank(Kind.WORDS, "reason"),
    "payments.Refund": {
        **blank(Kind.WORDS, "reason", "message"),
        **keep(Kind.PAYMENT, "provider_ref", is_exported=False),
    },
    "payments.Capture": blank(Kind.WORDS, "message", is_exported=False),
    "payments.RiskAssessment": blank(Kind.BEHAVIOUR, "reasons"),
    "payments.ProviderCustomer": delete(Kind.IDENTITY, "provider_ref", is_exported=False),
    "payments.SavedCard": {
        **delete(Kind.PAYMENT, "brand", "last4"),
        **delete(Kind.IDENTITY, "provider_ref", is_exported=False),
    },
    "payments.ValueAccount": {
        **blank(Kind.CONTACT, "recipient_email"),
        **blank(Kind.NAME, "recipient_name"),
        **blank(Kind.WORDS, "words"),
        **keep(Kind.PAYMENT, "last4"),
        **keep(Kind.IDENTITY, "digest", is_exported=False),
    },
    "payments.ValueEntry": blank(Kind.WORDS, "reason"),
    "payments.WebhookEvent": blank(Kind.PAYMENT, "payload", is_exported=False),
    # Vouchers of the books: kept as long as these.
    "payments.Document": keep(Kind.NAME, "content", "pdf"),
    "payments.BankLine": keep(Kind.PAYMENT, "party", "party_account", "text", is_exported=False)
    | keep(Kind.PAYMENT, "bank_ref", "note", is_exported=False),
    "payments.PayoutLine": keep(Kind.PAYMENT, "about", "words", is_exported=False),
    "payments.JournalEntry": keep(Kind.PAYMENT, "memo", is_exported=False),
}
PARCELS: dict[str, Fields] = {
    "shipping.Fulfilment": {
        **blank(Kind.IDENTITY, "tracking_number", "tracking_url"),
        **blank(Kind.IDENTITY, "collect_code", is_exported=False),
    },
    "shipping.FulfilmentEvent": blank(Kind.WORDS, "note"),
    "shipping.Label": {
        # A bought label has a number, whatever it says.
        **anonymise(Kind.IDENTITY, "tracking_number", GONE),
        **blank(Kind.IDENTITY, "tracking_url"),
        **blank(Kind.FILE, "file"),
        **blank(Kind.WORDS, "problem", "provider_ref", is_exported=False),
    },
    "shipping.TrackingEvent": {
        **anonymise(Kind.WORDS, "words", NUMBERED),
        **blank(Kind.ADDRESS, "place"),
    },
    "shipping.HandOff": blank(Kind.WORDS, "problem", is_exported=False),
    # Papers of many orders at once.
    "shipping.BulkRun": blank(Kind.FILE, "file", is_exported=False),
    "shipping.BulkRow": blank(Kind.WORDS, "words", is_exported=False),
    "channels.OrderImport": blank(Kind.FILE, "file", is_exported=False),
    "channels.ImportedOrder": {
        **blank(Kind.NAME, "payload"),
        **blank(Kind.WORDS, "problem", is_exported=False),
        **keep(Kind.IDENTITY, "reference"),
    },
    "channels.WebhookEvent": blank(Kind.NAME, "payload", is_exported=False),
    "channels.WebhookDelivery": blank(Kind.WORDS, "answer", is_exported=False),
    "channels.ApiCall": {
        **delete(Kind.NAME, "answer", is_exported=False),
        **delete(Kind.IDENTITY, "key", "request_hash", is_exported=False),
    },
    "marketing.PromotionUse": {
        "who": Personal(Kind.IDENTITY, is_exported=False),
    },
}
TRADE = ORDERS | MONEY | PARCELS
