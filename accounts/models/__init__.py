from accounts.models.customer import Customer, CustomerGroup
from accounts.models.policy import PolicyQuerySet, PolicyVersion
from accounts.models.saved_view import SavedView
from accounts.models.user import User, UserManager
from accounts.models.vat_check import VatCheck

__all__ = [
    "Customer",
    "CustomerGroup",
    "PolicyQuerySet",
    "PolicyVersion",
    "SavedView",
    "User",
    "UserManager",
    "VatCheck",
]
