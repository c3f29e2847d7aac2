"""What moves on the shelves, for systems outside."""

from collections.abc import Sequence

from inventory.models import StockMovement
from shop.outbox.happenings import happened


def of_movements(movements: Sequence[StockMovement]) -> None:
    """Units came, went, or were put aside: one piece of news about all the variants."""
    moved = [one for one in movements if _counts(one)]
    if moved:
        first = moved[0]
        ids = sorted({one.stock_item.variant_id for one in moved})
        facts = {"variant_ids": ids}
        happened(topic="stock.changed", key=f"movement-{first.pk}", facts=facts, now=first.at)


def _counts(one: StockMovement) -> bool:
    return bool(one.on_hand_change or one.allocated_change or one.damaged_change)
