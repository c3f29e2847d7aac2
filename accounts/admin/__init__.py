"""The staff site's pages about people."""

from accounts.admin.customers import CustomerAdmin, CustomerGroupAdmin
from accounts.admin.people import LogEntryAdmin, PolicyVersionAdmin, RoleAdmin, UserAdmin

__all__ = [
    "CustomerAdmin",
    "CustomerGroupAdmin",
    "LogEntryAdmin",
    "PolicyVersionAdmin",
    "RoleAdmin",
    "UserAdmin",
]
