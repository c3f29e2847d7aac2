"""What units cost: a moving weighted average, kept as an exact sum.

As IAS 2.25 and 2.27 allow it: the average is worked out anew with each delivery, and whatever
leaves, leaves at the average of that moment. The sum is kept, not the average; what leaves takes its
share of the sum rounded to the thousandth and the last unit takes what is left, so that nothing is
lost or found by rounding however often goods come and go.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from catalog.models import Variant
from inventory.models import Valuation
from shop.lib.locks import locked
from shop.lib.money import ZERO

STEP = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Change:
    """Good units of a variant that came (above zero) or went.

    value: what those that came cost altogether, in the books' currency; None: not known. Without
    units, a value is added to what the units there are worth.
    """

    variant_id: int
    units: int
    value: Decimal | None = None


@transaction.atomic
def apply(changes: Sequence[Change]) -> list[Decimal]:
    """Count each change into what its variant is worth; returns the value_change of each.

    One after the other, so what leaves after a delivery leaves at the new average. Units of unknown
    value come at the average, or at what their variant costs when there are none. A delivery of
    known value makes its average the variant's cost.
    """
    wanted = {change.variant_id for change in changes}
    known = lock(wanted)
    costs = _costs({one.variant_id for one in changes if one.units > 0 and one.value is None})
    values: list[Decimal] = []
    delivered: set[int] = set()
    for change in changes:
        valuation = known[change.variant_id]
        value = _value(valuation, change, costs)
        _add(valuation, change.units, value)
        values.append(value)
        if change.units > 0 and change.value is not None:
            delivered.add(change.variant_id)
    Valuation.objects.bulk_update(known.values(), ["units", "value"])
    _tell_costs(known[pk] for pk in sorted(delivered))
    return values


def lock(variant_ids: Collection[int]) -> dict[int, Valuation]:
    """The valuations of variants, made where there were none, locked in primary-key order."""
    rows = Valuation.objects.filter(variant_id__in=variant_ids)
    known = set(rows.values_list("variant_id", flat=True))
    if missing := sorted(set(variant_ids) - known):
        # Two at once make the same rows in the same order: whoever comes second finds them there.
        Valuation.objects.bulk_create(
            (Valuation(variant_id=pk) for pk in missing), ignore_conflicts=True
        )
    return {one.variant_id: one for one in locked(rows)}


def _costs(variant_ids: Collection[int]) -> dict[int, Decimal]:
    """What variants cost that may have no average."""
    if not variant_ids:
        return {}
    rows = Variant.objects.filter(pk__in=variant_ids).values_list("pk", "cost")
    return {pk: cost or ZERO for pk, cost in rows}


def _value(valuation: Valuation, change: Change, costs: Mapping[int, Decimal]) -> Decimal:
    if change.units < 0:
        return -_gone(valuation, -change.units)
    if change.value is not None:
        return change.value.quantize(STEP, ROUND_HALF_UP)
    if valuation.units:
        return _share(valuation, change.units)
    return change.units * costs.get(change.variant_id, ZERO)


def _gone(valuation: Valuation, units: int) -> Decimal:
    """What leaves with so many units; with the last one, all there is."""
    return valuation.value if units >= valuation.units else _share(valuation, units)


def _share(valuation: Valuation, units: int) -> Decimal:
    """What so many units are worth at the average."""
    return (valuation.value * units / valuation.units).quantize(STEP, ROUND_HALF_UP)


def _add(valuation: Valuation, units: int, value: Decimal) -> None:
    # Units that left without ever having been valued can't be taken off: nothing is below nothing.
    valuation.units = max(0, valuation.units + units)
    valuation.value += value


def _tell_costs(valuations: Iterable[Valuation]) -> None:
    """The average is what a unit costs from now on."""
    told = [
        Variant(pk=one.variant_id, cost=one.average.quantize(STEP, ROUND_HALF_UP))
        for one in valuations
        if one.units
    ]
    if told:
        Variant.objects.bulk_update(told, ["cost"])
