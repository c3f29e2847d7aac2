"""The staff site's pages about people."""

from accounts.admin.customers import CustomerAdmin, CustomerGroupAdmin
from accounts.admin.people import LogEntryAdmin, PolicyVersionAdmin, RoleAdmin, UserAdmin
from accounts.admin.privacy import (
    ConsentAdmin,
    ConsentTextAdmin,
    PolicyAcceptanceAdmin,
    PrivacyRequestAdmin,
    RetentionRuleAdmin,
    RetentionRunAdmin,
)
from accounts.admin.vat import VatCheckAdmin

__all__ = [
    "ConsentAdmin",
    "ConsentTextAdmin",
    "CustomerAdmin",
    "CustomerGroupAdmin",
    "LogEntryAdmin",
    "PolicyAcceptanceAdmin",
    "PolicyVersionAdmin",
    "PrivacyRequestAdmin",
    "RetentionRuleAdmin",
    "RetentionRunAdmin",
    "RoleAdmin",
    "UserAdmin",
    "VatCheckAdmin",
]
