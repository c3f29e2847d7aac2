from accounts.models.address import Address
from accounts.models.consent import Consent, ConsentText, Purpose
from accounts.models.customer import Customer, CustomerGroup
from accounts.models.note import CustomerNote, Visit
from accounts.models.policy import PolicyAcceptance, PolicyQuerySet, PolicyVersion
from accounts.models.privacy import PrivacyRequest, RetentionRule, RetentionRun
from accounts.models.saved_view import SavedView
from accounts.models.user import User, UserManager
from accounts.models.vat_check import VatCheck

__all__ = [
    "Address",
    "Consent",
    "ConsentText",
    "Customer",
    "CustomerGroup",
    "CustomerNote",
    "PolicyAcceptance",
    "PolicyQuerySet",
    "PolicyVersion",
    "PrivacyRequest",
    "Purpose",
    "RetentionRule",
    "RetentionRun",
    "SavedView",
    "User",
    "UserManager",
    "VatCheck",
    "Visit",
]
