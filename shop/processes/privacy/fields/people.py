"""What is personal in the tables of people: their record, their login, what was written to them."""

from django.db.models import F, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from shop.processes.privacy.fields.words import Fields, Kind, anonymise, blank, delete, keep

# An address that nobody can have (RFC 2606), and unlike any other.
NOBODY = Concat(Value("forgotten-"), Cast(F("pk"), CharField()), Value("@forgotten.invalid"))

PEOPLE: dict[str, Fields] = {
    "accounts.Customer": {
        **anonymise(Kind.CONTACT, "email", NOBODY),
        **blank(Kind.NAME, "name", "company"),
        **blank(Kind.IDENTITY, "vat_number", "language"),
        # The proof why no tax was charged.
        **keep(Kind.IDENTITY, "exemption"),
        **blank(Kind.WORDS, "tags"),
    },
    "accounts.Address": {
        **delete(Kind.NAME, "name", "company"),
        **delete(Kind.ADDRESS, "line1", "line2", "city", "region", "postcode", "country"),
        **delete(Kind.CONTACT, "phone"),
    },
    "accounts.Consent": {
        **delete(Kind.CONTACT, "email"),
        **delete(Kind.BEHAVIOUR, "source"),
    },
    "accounts.CustomerNote": delete(Kind.WORDS, "text"),
    "accounts.Visit": delete(Kind.BEHAVIOUR, "path", "title"),
    "accounts.PrivacyRequest": {
        **blank(Kind.CONTACT, "email"),
        **blank(Kind.WORDS, "reason"),
        **blank(Kind.FILE, "file", is_exported=False),
        **blank(Kind.IDENTITY, "key_hash", is_exported=False),
    },
    "accounts.User": {
        **delete(Kind.CONTACT, "email"),
        **delete(Kind.NAME, "name"),
        **delete(Kind.IDENTITY, "password", is_exported=False),
    },
    "accounts.VatCheck": {
        **delete(Kind.IDENTITY, "number", "consultation"),
        **delete(Kind.NAME, "holder"),
        **delete(Kind.WORDS, "last_error", is_exported=False),
    },
    "accounts.SavedView": delete(Kind.WORDS, "page", "name", "query"),
    "account.EmailAddress": delete(Kind.CONTACT, "email"),
    "account.EmailConfirmation": delete(Kind.IDENTITY, "key", is_exported=False),
    "socialaccount.SocialAccount": {
        **delete(Kind.IDENTITY, "provider", "uid"),
        **delete(Kind.NAME, "extra_data"),
    },
    "socialaccount.SocialToken": delete(Kind.IDENTITY, "token", "token_secret", is_exported=False),
    "mfa.Authenticator": delete(Kind.IDENTITY, "data", is_exported=False),
    "usersessions.UserSession": {
        **delete(Kind.NETWORK, "ip", "user_agent"),
        **delete(Kind.IDENTITY, "session_key", "data", is_exported=False),
    },
    "sessions.Session": delete(Kind.IDENTITY, "session_key", "session_data", is_exported=False),
    "admin.LogEntry": blank(Kind.NAME, "object_repr", "change_message", is_exported=False),
    "audit.Entry": {
        **blank(Kind.NAME, "actor_name", is_exported=False),
        **blank(Kind.NETWORK, "address", is_exported=False),
        **blank(Kind.WORDS, "before", "after", "path", is_exported=False),
    },
    "outbox.Message": delete(Kind.WORDS, "payload", is_exported=False),
    "outbox.Mail": {
        **blank(Kind.CONTACT, "to"),
        **blank(Kind.WORDS, "subject", "text"),
        **blank(Kind.WORDS, "html", is_exported=False),
    },
    "outbox.Sms": {**blank(Kind.CONTACT, "to"), **blank(Kind.WORDS, "text")},
    "catalog.Review": {
        # As the pages of products show it.
        **anonymise(Kind.NAME, "author", "A customer"),
        # Stays with its product, without the names and addresses that are in it.
        **keep(Kind.WORDS, "text", "reply"),
    },
    "marketing.Alert": {
        **delete(Kind.CONTACT, "email"),
        **delete(Kind.IDENTITY, "token", is_exported=False),
    },
}
