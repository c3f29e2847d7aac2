"""The licence keys that were set aside."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from inventory.models import LicenceKey


def keys_of(holders: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The licence keys that order lines hold, in the order they were taken. One query."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = LicenceKey.objects.filter(holder__in=list(holders)).order_by("pk")
    for holder, code in rows.values_list("holder", "code"):
        if holder is not None:
            found[holder].append(code)
    return found
