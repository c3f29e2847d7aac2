"""The daily answers to whether the numbers agree."""

from django.db.models import QuerySet

from payments.models import Reconciliation


def latest() -> Reconciliation | None:
    return history().first()


def history() -> QuerySet[Reconciliation]:
    """Newest first."""
    return Reconciliation.objects.order_by("-day")


def broken_count(found: Reconciliation | None) -> int:
    """How many promises were broken; warnings don't count."""
    return sum(one["level"] == "broken" for one in found.findings) if found else 0


def is_red(found: Reconciliation | None) -> bool:
    return broken_count(found) > 0
