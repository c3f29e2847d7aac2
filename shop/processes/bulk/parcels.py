"""The parcels of a run, for whoever prints them."""

from django.db.models import Prefetch

from shipping.models import BulkRow, BulkRun, Fulfilment, FulfilmentLine


def parcels_of(run: BulkRun) -> list[Fulfilment]:
    """Of the rows that were done, in their order: the one that was named, or all of the order."""
    rows = list(run.rows.filter(outcome=BulkRow.Outcome.DONE).order_by("position"))
    lines = FulfilmentLine.objects.select_related("order_line__variant").order_by("pk")
    found = (
        Fulfilment.objects.filter(order__in={row.order_id for row in rows})
        .exclude(status=Fulfilment.Status.CANCELED)
        .select_related("order__market", "location", "box", "wave")
        .prefetch_related(Prefetch("lines", lines.prefetch_related("order_line__parts")))
        .order_by("position", "pk")
    )
    by_order: dict[int, list[Fulfilment]] = {}
    for one in found:
        by_order.setdefault(one.order_id, []).append(one)
    return [
        one
        for row in rows
        for one in by_order.get(row.order_id, [])
        if row.parcel in (None, one.pk)
    ]
