"""Labels of many orders: what a run on many does with each of its rows."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from shipping.models import BulkRow, Carrier, Fulfilment, Label
from shop.processes.labelling.buying import BEFORE_IT_LEAVES, NotNow, buy


def label_row(
    row: BulkRow, options: Mapping[str, Any], actor: User | None, now: dt.datetime
) -> str:
    """Buy the labels of a row's parcels; those that have one are left alone.

    options: {"carrier": code, "service": …}, empty: as the buyer chose. Raises Refused.
    """
    carrier = _carrier(str(options.get("carrier", "")))
    service = str(options.get("service", ""))
    found = [
        buy(fulfilment_id=pk, carrier=carrier, service=service, actor=actor, now=now)
        for pk in _parcels(row)
    ]
    return "; ".join(_words(label) for label in found)[:300]


def _parcels(row: BulkRow) -> list[int]:
    rows = Fulfilment.objects.filter(order_id=row.order_id, status__in=BEFORE_IT_LEAVES)
    rows = rows.filter(pk=row.parcel) if row.parcel else rows.filter(ready_at=None)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if not found:
        raise NotNow(_("No parcel of this order waits for a label."))
    return found


def _carrier(code: str) -> Carrier | None:
    if not code:
        return None
    found = Carrier.objects.filter(code=code).first()
    if found is None:
        raise NotNow(_("No carrier is called “%(code)s”.") % {"code": code})
    return found


def _words(label: Label) -> str:
    carrier = label.carrier.name
    if label.status != Label.Status.BOUGHT:
        return f"{carrier}: {label.get_status_display()}"
    words = f"{carrier} {label.tracking_number}"
    return f"{words} ({label.problem})" if label.is_fallback else words
