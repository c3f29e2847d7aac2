"""Goods in the books, at what they cost: sent, lost and found, received, there from the start.

All of it is in the books' own currency. The stock account holds what the shop's valuations add up to:
each movement of stock is booked at its value, and what leaves in a parcel at the cost that left.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import StockMovement
from orders.models import Order, OrderLine
from payments.models import JournalEntry
from payments.services.books import chart, posting
from payments.services.books.drafts import Draft, Line, against
from payments.services.books.roles import Role
from shop.lib.workdays import shop_day

Moved = StockMovement.Kind
# The reference of a movement that only says what was there when the books began.
OPENING = "opening"
# What a movement is booked against. A sale is booked with its parcel; other kinds have no value.
AGAINST = {
    Moved.ADJUSTMENT: Role.STOCK_CHANGES,
    Moved.COUNT: Role.STOCK_CHANGES,
    Moved.DAMAGE: Role.STOCK_CHANGES,
    Moved.REVALUATION: Role.STOCK_CHANGES,
    Moved.RECEIPT: Role.SUPPLIERS,
    # Came back and can be sold again.
    Moved.RETURN: Role.COST_OF_GOODS,
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moved goods: its name, its moment, whose order and by whom, if any."""

    source: str
    at: dt.datetime
    currency: str
    order_id: int | None = None
    memo: str = ""
    actor_id: int | None = None


def sent_draft(event: Event, cost: Decimal) -> Draft:
    """Goods left for a buyer: stock became cost."""
    return _draft(event, against(Role.COST_OF_GOODS, cost, Role.STOCK))


def handed_over_draft(event: Event, cost: Decimal) -> Draft:
    """A buyer was given what never lay on a shelf: its cost is owed to whom it comes from."""
    return _draft(event, against(Role.COST_OF_GOODS, cost, Role.SUPPLIERS))


def valued_draft(event: Event, difference: Decimal) -> Draft:
    """Stock is worth more (above zero) or less than the books have it at."""
    return _draft(event, against(Role.STOCK, difference, Role.STOCK_CHANGES))


def moved_draft(movement: StockMovement) -> Draft:
    """Goods were counted, damaged, received or valued anew, on their day. Of a kind in AGAINST."""
    event = Event(
        source=movement_source(movement.pk),
        at=movement.at,
        currency=chart.books_currency(),
        memo=movement.reason,
        actor_id=movement.actor_id,
    )
    is_opening = movement.reference == OPENING
    other = Role.OPENING if is_opening else AGAINST[Moved(movement.kind)]
    return _draft(event, against(Role.STOCK, movement.value_change, other))


def _draft(event: Event, lines: tuple[Line, ...]) -> Draft:
    return Draft(
        kind=JournalEntry.Kind.GOODS,
        source=event.source,
        on=shop_day(event.at),
        at=event.at,
        currency=event.currency,
        rate=Decimal(1),
        lines=lines,
        order_id=event.order_id,
        memo=event.memo,
        actor_id=event.actor_id,
    )


def sent_source(fulfilment_id: int) -> str:
    return f"fulfilment-{fulfilment_id}-goods"


def handed_over_source(number: str) -> str:
    return f"order-{number}-handed-over"


def movement_source(movement_id: int) -> str:
    return f"stock-movement-{movement_id}"


def post_sent(*, order: Order, parcel_id: int, cost: Decimal, now: dt.datetime) -> None:
    """Book what left in a parcel, once. cost: what its goods were worth."""
    posting.post(sent_draft(_event_of(order, sent_source(parcel_id), now), cost))


def post_handed_over(
    *, order: Order, contents: Iterable[tuple[OrderLine, int]], now: dt.datetime
) -> None:
    """Book what went without a parcel, once an order and once for each later change of it.

    contents: lines and units.
    """
    costs: dict[int | None, Decimal] = defaultdict(Decimal)
    for line, units in contents:
        costs[line.edit_id] += line.unit_cost * units
    for edit_id, cost in costs.items():
        later = f"-edit-{edit_id}" if edit_id else ""
        event = _event_of(order, f"{handed_over_source(order.number)}{later}", now)
        posting.post(handed_over_draft(event, cost))


def _event_of(order: Order, source: str, now: dt.datetime) -> Event:
    return Event(source, now, chart.books_currency(), order_id=order.pk)


def post_movements(movements: Iterable[StockMovement]) -> int:
    """Book what movements were worth, each once. Those of no value, and sales, are passed over.

    Returns how many entries that made. Raises MonthIsClosed.
    """
    return posting.post_many([moved_draft(one) for one in movements if _has_entry(one)])


def _has_entry(movement: StockMovement) -> bool:
    return bool(movement.value_change) and movement.kind in AGAINST


def movements_of(movements: Collection[int]) -> Iterator[Draft]:
    """The same of movements by their ids. One query."""
    rows = StockMovement.objects.filter(pk__in=movements, kind__in=AGAINST).order_by("pk")
    return (moved_draft(one) for one in rows if _has_entry(one))
