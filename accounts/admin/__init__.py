"""The staff site's pages about people."""

from accounts.admin.customers import CustomerAdmin, CustomerGroupAdmin
from accounts.admin.people import LogEntryAdmin, PolicyVersionAdmin, RoleAdmin, UserAdmin
from accounts.admin.vat import VatCheckAdmin

__all__ = [
    "CustomerAdmin",
    "CustomerGroupAdmin",
    "LogEntryAdmin",
    "PolicyVersionAdmin",
    "RoleAdmin",
    "UserAdmin",
    "VatCheckAdmin",
]
