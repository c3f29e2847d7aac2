"""Fields about people the shop works with: staff, suppliers, partners. Not about customers.

They are looked after by hand, in the admin: a colleague's name belongs to what they signed.
"""

COLLEAGUES: dict[str, str] = {
    "catalog.SafetyParty": "name address contact",
    "channels.ApiKey": "last_used_from",
    "inventory.Location": "name line1 city postcode email opening_hours",
    "inventory.Supplier": (
        "name email phone line1 city postcode country vat_number account_number terms note"
    ),
    "inventory.SupplierContact": "name role email phone",
    "payments.BankStatement": "account name",
    "payments.Expense": "supplier note reference",
}
