"""The line of an order that something is decided about, and how it is told."""

from uuid import UUID

from django.utils.translation import gettext as _

from inventory.models import Shortage
from inventory.services import shortages
from inventory.services.shortages import NotShort
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import orders
from orders.services.orders import Move
from shop.lib.locks import locked
from shop.processes.fulfilment import NotNow

OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)
AXIS = "line"


def lock_open(order_id: int) -> Order:
    """The order, held, while something of it can still be decided. Raises NotNow."""
    order = orders.lock(order_id=order_id)
    if order.status not in OPEN:
        raise NotNow(_("This order is closed: nothing of it is to be decided."))
    return order


def line_of(order: Order, line_id: int) -> OrderLine:
    """A line of the order, held. Raises OrderLine.DoesNotExist."""
    found = locked(OrderLine.objects.filter(order=order, pk=line_id))
    if not found:
        raise OrderLine.DoesNotExist(line_id)
    return found[0]


def missing_of(line: OrderLine) -> list[Shortage]:
    """What nobody has decided about. Raises NotShort when nothing is missing."""
    rows = list(shortages.open_of(holders_of(line)).order_by("pk"))
    if not rows:
        raise NotShort(_("%(sku)s: nothing is missing any more.") % {"sku": line.sku})
    return rows


def units_missing(line: OrderLine, rows: list[Shortage]) -> int:
    """Missing in units of the line: a bundle with one part gone is gone as a whole."""
    each = {holder: units for holder, (_variant, units) in holders_of(line).items()}
    units = max(-(-row.quantity // each[row.holder]) for row in rows)
    return min(units, line.unfulfilled)


def holders(line: OrderLine) -> list[UUID]:
    return list(holders_of(line))


def named(line: OrderLine) -> str:
    """ "Foot-ring mug, Ash (MUG-1)"."""
    return f"{', '.join(filter(None, (line.title, line.variant_label)))} ({line.sku})"


def tell(order: Order, state: str, words: str, move: Move) -> None:
    """Write into the order's history what became of a line, and why."""
    text = f"{words} {move.note}".strip()
    orders.event(order, axis=AXIS, to_state=state, move=Move(move.now, move.actor, text[:500]))
