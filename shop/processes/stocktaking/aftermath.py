"""What follows every change of stock: the books, those who lose by it, those who win, the cards."""

import datetime as dt
from collections.abc import Sequence

from inventory.services.stock import Changed
from payments.services.books import goods
from shop.processes import browsing, filling, shortages


def settle(changes: Sequence[Changed], *, now: dt.datetime) -> None:
    """Call it in the transaction of the changes, once, after the last of them."""
    movements = [movement for changed in changes for movement in changed.movements]
    if not movements:
        return
    goods.post_movements(movements)
    short = [shortage for changed in changes for shortage in changed.shortages]
    if short:
        shortages.noticed(shortages=short, now=now)
    variants = sorted({changed.item.variant_id for changed in changes})
    filling.fill(variant_ids=variants, now=now)
    browsing.stock_came_back(variant_ids=variants, now=now)
