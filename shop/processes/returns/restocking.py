"""What came back goes on the shelf, or beside it, worth what it had cost when it left."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Sum

from inventory.models import StockMovement
from inventory.services import coming_back
from inventory.services.coming_back import Back
from inventory.services.stock import Why
from inventory.services.valuing import STEP
from orders.models import Return, ReturnCheck, ReturnLine
from orders.queries import holders_of
from orders.services.orders import Move
from shop.processes.returns.wanted import Found
from shop.processes.stocktaking import aftermath

Disposition = ReturnCheck.Disposition
Kind = StockMovement.Kind


def restock(
    *, rma: Return, lines: Mapping[int, ReturnLine], found: Sequence[Found], move: Move
) -> None:
    """A bundle goes back as its parts. The return and its order must be locked."""
    good = _units(lines, found, Disposition.RESTOCKED)
    broken = _units(lines, found, Disposition.PROCESSING_REQUIRED)
    if rma.location is None or not good + broken:
        return
    costs = _costs(rma.order.number, good)
    back = [
        Back(pk, good[pk], broken[pk], costs.get(pk, Decimal(0)) if good[pk] else None)
        for pk in sorted(good.keys() | broken.keys())
    ]
    why = Why(kind=Kind.RETURN, now=move.now, reference=rma.number, actor=move.actor)
    changed = coming_back.take_back(units=back, why=why, location=rma.location)
    aftermath.settle(changed, now=move.now)


def _units(
    lines: Mapping[int, ReturnLine], found: Iterable[Found], disposition: str
) -> Counter[int]:
    """Units by variant. What has no variant any more has no shelf either."""
    units: Counter[int] = Counter()
    for one in found:
        if one.disposition == disposition:
            for variant_id, each in holders_of(lines[one.line_id].order_line).values():
                if variant_id is not None:
                    units[variant_id] += one.units * each
    return units


def _costs(number: str, good: Mapping[int, int]) -> dict[int, Decimal]:
    """What these units had cost when they left with the order, in the books' currency."""
    rows = StockMovement.objects.filter(
        kind=Kind.SALE, reference=number, stock_item__variant__in=good
    )
    sums = rows.values_list("stock_item__variant").annotate(
        units=-Sum("on_hand_change"), value=-Sum("value_change")
    )
    return {
        variant: (value * good[variant] / units).quantize(STEP)
        for variant, units, value in sums
        if units
    }
