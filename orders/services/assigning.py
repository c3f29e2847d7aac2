"""Who looks after an order."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shop.lib.errors import Refused


class NotStaff(Refused):
    """Raised when an order is to be looked after by somebody who does not work here."""


@transaction.atomic
def give(*, order_id: int, user: User | None, actor: User | None, now: dt.datetime) -> Order:
    """Give an order to a colleague, or to nobody. Raises NotStaff."""
    order = orders.lock(order_id=order_id)
    assign(order=order, user=user, move=Move(now, actor))
    return order


def assign(*, order: Order, user: User | None, move: Move) -> bool:
    """Give an order to a colleague, or to nobody. It must be locked. False: it was so already.

    Raises NotStaff.
    """
    if user is not None and not (user.is_staff and user.is_active):
        raise NotStaff(_("%(who)s does not work here.") % {"who": user})
    if order.assigned_to_id == (user.pk if user else None):
        return False
    order.assigned_to = user
    order.save(update_fields=["assigned_to"])
    told = Move(move.now, move.actor, str(user) if user else "")
    orders.event(order, axis="assigned", to_state="given" if user else "taken_back", move=told)
    return True
