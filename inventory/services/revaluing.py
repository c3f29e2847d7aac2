"""Saying anew what units are worth, when what was paid for them turns out to be wrong."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.models import StockItem, StockMovement
from inventory.services import valuing
from inventory.services.stock import Why
from inventory.services.valuing import STEP, Change
from shop.lib.errors import Refused
from shop.lib.locks import locked


class NothingToValue(Refused):
    """Raised when a variant has no units to be worth anything."""


class CostRefused(Refused):
    """Raised when a unit is to be worth less than nothing."""


@transaction.atomic
def revalue(*, variant_id: int, unit_cost: Decimal, why: Why) -> StockMovement | None:
    """Make a variant's units worth unit_cost each, in the books' currency, from now on.

    One movement without units says by how much, at the location with most of them; None when they
    were worth that already. The variant costs as much from now on. Raises NothingToValue and
    CostRefused.
    """
    if unit_cost < 0:
        raise CostRefused(_("A unit can't be worth less than nothing."))
    items = locked(StockItem.objects.filter(variant_id=variant_id))
    valuation = valuing.lock([variant_id])[variant_id]
    if not items or not valuation.units:
        raise NothingToValue(_("There are no units of this that could be worth anything."))
    Variant.objects.filter(pk=variant_id).update(cost=unit_cost.quantize(STEP, ROUND_HALF_UP))
    worth = (unit_cost * valuation.units).quantize(STEP, ROUND_HALF_UP)
    if worth == valuation.value:
        return None
    (change,) = valuing.apply([Change(variant_id, 0, worth - valuation.value)])
    return StockMovement.objects.create(
        stock_item=max(items, key=lambda item: item.on_hand),
        kind=StockMovement.Kind.REVALUATION,
        value_change=change,
        reason=why.reason,
        reference=why.reference,
        actor=why.actor,
        at=why.now,
    )
