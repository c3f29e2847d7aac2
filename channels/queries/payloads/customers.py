"""What is told of a customer."""

from typing import Any

from accounts.models import Customer


def subject_of(customer_id: int) -> str:
    return f"customer-{customer_id}"


def data(customer: Customer) -> dict[str, Any]:
    """Of somebody who was forgotten: only who it was."""
    if customer.erased_at is not None:
        return {"id": customer.pk}
    return {
        "id": customer.pk,
        "email": customer.email,
        "name": customer.name,
        "company": customer.company,
        "vat_number": customer.vat_number,
        "language": customer.language,
        "groups": sorted(customer.groups.values_list("code", flat=True)),
        "tags": customer.tags,
        "has_login": customer.user_id is not None,
        "created_at": customer.created_at.isoformat(),
    }
