"""A person says what stock is worth; the books follow."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from inventory.models import StockMovement
from inventory.services.revaluing import revalue as revalue_units
from inventory.services.stock import Why
from payments.services.books import goods


@transaction.atomic(durable=True)
def revalue(
    *, variant_id: int, unit_cost: Decimal, reason: str, actor: User | None, now: dt.datetime
) -> StockMovement | None:
    """Make a variant's units worth unit_cost each; None when they were.

    Raises NothingToValue, CostRefused and MonthIsClosed.
    """
    why = Why(kind=StockMovement.Kind.REVALUATION, now=now, reason=reason, actor=actor)
    movement = revalue_units(variant_id=variant_id, unit_cost=unit_cost, why=why)
    if movement:
        goods.post_movements([movement])
    return movement
