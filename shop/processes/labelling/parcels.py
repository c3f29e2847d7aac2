"""The parcel of a label, held after its order, and what of a label is written at it."""

from orders.models import Return
from orders.services import orders
from shipping.models import Fulfilment, Label
from shipping.services import parcels
from shop.lib.locks import locked

Parcel = Fulfilment | Return


def held_parcel(fulfilment_id: int) -> Fulfilment:
    """Raises Fulfilment.DoesNotExist."""
    order_id = Fulfilment.objects.values_list("order_id", flat=True).get(pk=fulfilment_id)
    order = orders.lock(order_id=order_id)
    parcel = parcels.lock(fulfilment_id=fulfilment_id)
    parcel.order = order
    return parcel


def held_return(rma_id: int) -> Return:
    """Raises Return.DoesNotExist."""
    order_id = Return.objects.values_list("order_id", flat=True).get(pk=rma_id)
    order = orders.lock(order_id=order_id)
    (rma,) = locked(Return.objects.filter(pk=rma_id).select_related("location"))
    rma.order = order
    return rma


def held_of(label: Label) -> Parcel:
    if label.fulfilment_id is not None:
        return held_parcel(label.fulfilment_id)
    return held_return(label.rma_id or 0)


def carry(parcel: Parcel, label: Label) -> None:
    """Write a bought label's number at its parcel."""
    parcel.carrier = label.carrier.name[:40]
    parcel.tracking_number = label.tracking_number
    if isinstance(parcel, Return):
        parcel.save(update_fields=["carrier", "tracking_number"])
        return
    parcel.tracking_url = label.tracking_url
    parcel.tracking_status = Fulfilment.Tracking.PRE_TRANSIT
    parcel.save(update_fields=["carrier", "tracking_number", "tracking_url", "tracking_status"])


def drop(parcel: Parcel, label: Label) -> None:
    """A voided label's number is nobody's any more."""
    if parcel.tracking_number != label.tracking_number:
        return
    parcel.carrier = parcel.tracking_number = ""
    if isinstance(parcel, Return):
        parcel.save(update_fields=["carrier", "tracking_number"])
        return
    parcel.tracking_url = parcel.tracking_status = ""
    parcel.save(update_fields=["carrier", "tracking_number", "tracking_url", "tracking_status"])
