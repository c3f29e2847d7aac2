"""Fetching without a walk: parcels that somebody picks from memory, or with a list on paper."""

from orders.models import Order
from orders.services.orders import Move
from shipping.models import Fulfilment
from shipping.services import parcels
from shipping.services.parcels import Status
from shop.processes.assigning import prepare


def fetch(*, order: Order, move: Move) -> list[Fulfilment]:
    """Begin with all parcels of an order that are in no wave. The order must be locked.

    Returns what was begun with.
    """
    prepare(order=order, move=move)
    begun = [
        one for one in parcels.held(order=order, statuses=[Status.PENDING]) if one.wave_id is None
    ]
    for one in begun:
        parcels.move_to(fulfilment=one, status=Status.PICKING, move=move)
    return begun
