"""What a buyer may choose for a line that is short, as the order's page and a mail tell it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Shortage
from inventory.services import backorders, shortages
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import substitutes
from orders.services.substitutes import Substitute
from payments.services import grants
from payments.services.grants import Asked
from shop.lib.errors import Refused
from shop.processes.shortages import lines


@dataclass(frozen=True, slots=True)
class Options:
    """One short line. promised_on: when the missing units should be here, if they are waited for.

    back: what is given back for them; None when cancelling them is not for the buyer to do.
    """

    line: OrderLine
    missing: int
    promised_on: dt.date | None
    pieces: Sequence[Substitute]
    back: Decimal | None


def options_of(order: Order, *, now: dt.datetime) -> list[Options]:
    """Every line of an open order that waits for a decision. Three queries when none does."""
    if order.status not in lines.OPEN:
        return []
    everything = list(
        order.lines.select_related("variant__product")
        .prefetch_related("parts", "variant__values")
        .order_by("position", "pk")
    )
    missing = {
        one.holder: one
        for one in shortages.open_of(holder for line in everything for holder in holders_of(line))
    }
    return [
        _options(order, line, rows, now)
        for line in everything
        if (rows := [missing[holder] for holder in holders_of(line) if holder in missing])
    ]


def _options(order: Order, line: OrderLine, rows: list[Shortage], now: dt.datetime) -> Options:
    units = lines.units_missing(line, rows)
    days = [
        backorders.promise(variant_id=row.variant_id, now=now, units=row.quantity) for row in rows
    ]
    known = [day for day in days if day]
    return Options(
        line=line,
        missing=units,
        promised_on=max(known) if len(known) == len(days) else None,
        pieces=substitutes.alternatives(line=line, market=order.market),
        back=back_for(order, line, units),
    )


def back_for(order: Order, line: OrderLine, units: int) -> Decimal | None:
    """What is given back when so many units are not sent; all of the order's when nothing stays."""
    stays = any(one.unfulfilled > (units if one.pk == line.pk else 0) for one in order.lines.all())
    if order.can_cancel and not stays:
        return order.total if order.confirmed_at is None else _worth(order, Asked(whole=True))
    if order.confirmed_at is None:
        return None
    return _worth(order, Asked({line.pk: units}))


def _worth(order: Order, asked: Asked) -> Decimal | None:
    try:
        return grants.preview(order=order, asked=asked).amount.gross
    except Refused:
        return None
