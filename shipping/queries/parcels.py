"""What of an order is in open parcels, and whether somebody has begun with it."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Sum

from orders.models import Order, OrderLine
from shipping.models import Fulfilment, FulfilmentLine, HandOff, Method
from shop.lib.prepared import Prepared
from shop.lib.workdays import is_working_day

Status = Fulfilment.Status
# Their units stay allocated, and nobody else may send them.
OPEN = (Status.PENDING, Status.PICKING, Status.PACKED)
NOT_BEGUN = (Status.PENDING, Status.CANCELED)
# By line, then by the parcel's location; None: wherever it is.
Places = dict[int, Counter[int | None]]


def has_started(order: Order) -> bool:
    """Whether picking has started: from here on the buyer changes nothing any more."""
    return bool(STARTED.first(order=order.pk))


def is_begun(this: OuterRef) -> Any:
    """The same within a query of orders. this: the order's id."""
    begun = Fulfilment.objects.filter(order=this).exclude(status__in=NOT_BEGUN)
    told = HandOff.objects.filter(order=this, status=HandOff.Status.TOLD)
    gone = OrderLine.objects.filter(order=this, fulfilled__gt=0, is_shipped=True)
    is_any: Any = Exists(begun) | Exists(told) | Exists(gone)
    return is_any


STARTED = Prepared(
    lambda order: Order.objects.filter(pk=order).values_list(is_begun(OuterRef("pk")), flat=True)
)


def assigned_at(order: Order) -> Places:
    """Units of each line in open parcels, by the place they leave from. One query."""
    rows = FulfilmentLine.objects.filter(
        Q(fulfilment__status__in=OPEN), fulfilment__order=order
    ).order_by()
    found: Places = defaultdict(Counter)
    sums = rows.values_list("order_line", "fulfilment__location").annotate(units=Sum("quantity"))
    for line, place, units in sums:
        found[line][place] += units
    return found


def assigned(order: Order) -> dict[int, int]:
    """Units of each line in open parcels, by the line's id."""
    return {line: places.total() for line, places in assigned_at(order).items()}


def leaves_by(order: Order) -> dt.date | None:
    """The last day on which a parcel may leave to arrive as promised; None: nothing is promised."""
    if order.arrives_by is None:
        return None
    method = Method.objects.filter(code=order.shipping_method).first()
    day, left = order.arrives_by, method.max_days if method else 0
    while left or not is_working_day(day, settings.SHOP["country"]):
        left -= left > 0 and is_working_day(day, order.country)
        day -= dt.timedelta(days=1)
    return day
