"""Which adapter talks to a carrier."""

from shipping.carriers.base import Adapter
from shipping.carriers.karrio_adapter import Karrio
from shipping.carriers.keys import is_set
from shipping.carriers.own import Own
from shipping.models import Carrier


def adapter_of(carrier: Carrier) -> Adapter | None:
    """None when the keys of his account are not set."""
    if carrier.adapter == Carrier.Adapter.OWN:
        return Own()
    if not is_set(carrier.adapter, carrier.code):
        return None
    return Karrio(carrier.adapter, carrier.code)
