"""Who buys, as promotions know them: by address, never by name."""

import datetime as dt
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.crypto import salted_hmac

from orders.models import Order
from shop.lib.prepared import Prepared

CALLED_OFF = (Order.Status.DRAFT, Order.Status.CANCELED, Order.Status.EXPIRED)


def who_of(email: str) -> str:
    """A keyed digest of an address in any case: it counts uses and tells nobody who it was."""
    text = email.strip().lower()
    return salted_hmac("marketing.promotions.who", text, algorithm="sha256").hexdigest()


def orders_of(email: str) -> tuple[int, dt.datetime | None]:
    """How many orders an address has that were not called off, and when the last was placed."""
    found = PLACED.first(email=email.strip().lower())
    return found or (0, None)


def _placed(email: str) -> "QuerySet[Order, Any]":
    # Addresses are kept in lower case: the plain index serves.
    placed = Order.objects.filter(email=email).exclude(status__in=CALLED_OFF).order_by()
    return placed.values("email").values_list(Count("pk"), Max("placed_at"))


PLACED = Prepared(_placed)
