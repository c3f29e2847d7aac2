"""Units come back from a buyer: good ones onto the shelf, others beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from inventory.models import Location
from inventory.services import shelves
from inventory.services.terms import Changed, Why


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a variant. value: what the good ones had cost altogether, in the books' currency."""

    variant_id: int
    good: int
    broken: int
    value: Decimal | None


@transaction.atomic
def take_back(*, units: Sequence[Back], why: Why, location: Location) -> list[Changed]:
    """Good units may be sold again; broken ones wait to be mended or thrown away."""
    variants = {one.variant_id for one in units}
    if not variants:
        return []
    shelf = shelves.lock(variant_ids=variants, now=why.now, place=location)
    for one in units:
        item = shelf.at(one.variant_id, location)
        if one.good:
            batch = shelf.arriving(item, None)
            shelf.move(item, why, on_hand=one.good, batch=batch, value=one.value)
        if one.broken:
            shelf.move(item, why, damaged=one.broken)
    shelf.save()
    # The movements are of one transaction: told once.
    items = [shelf.at(pk, location) for pk in sorted(variants)]
    return [
        Changed(item, shelf.movements if number == 0 else []) for number, item in enumerate(items)
    ]
