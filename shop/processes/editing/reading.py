"""What of an amendment is to be added, taken off and made cheaper, for an order that was sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.services.additions import MOST_UNITS, Added
from payments.services import grants
from payments.services.grant_sums import Rest
from shop.lib.money import ZERO, round_money
from shop.processes.editing import words
from shop.processes.editing.terms import Amendment, CannotChange, Change


@dataclass(slots=True)
class Wants:
    """Lines that come in, units that go, and what lines and the delivery get cheaper by (gross)."""

    add: list[Added] = field(default_factory=list)
    remove: dict[int, int] = field(default_factory=dict)
    off: dict[int, Decimal] = field(default_factory=dict)
    delivery_off: Decimal = ZERO
    changes: list[Change] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.add or self.remove or self.off or self.delivery_off or self.changes)


def wants_of(*, order: Order, lines: Sequence[OrderLine], asked: Amendment) -> Wants:
    """The lines' part of an amendment. Raises CannotChange."""
    check_ids(lines, asked)
    rests = {rest.tax_line.line_id: rest for rest in grants.rests(order) if rest.tax_line.line_id}
    found = Wants()
    for line in lines:
        if line.pk in asked.units or line.pk in asked.prices:
            _line(found, order, line, rests.get(line.pk), asked)
    for added in asked.add:
        found.add.append(added)
        found.changes.append(words.of_added(added, order.currency))
    return found


def check_ids(lines: Sequence[OrderLine], asked: Amendment) -> None:
    """Every line that is named must be the order's own, and every number one."""
    known = {line.pk for line in lines}
    if not (asked.units.keys() | asked.prices.keys()) <= known:
        raise CannotChange(_("One of these lines is not on the order any more."))
    if any(not 0 <= units <= MOST_UNITS for units in asked.units.values()):
        raise CannotChange(_("Enter a whole number from 0 to %(most)s.") % {"most": MOST_UNITS})
    if any(price < ZERO for price in asked.prices.values()):
        raise CannotChange(_("A price can't be below zero."))


def _line(found: Wants, order: Order, line: OrderLine, rest: Rest | None, asked: Amendment) -> None:
    was, price = words.units_of(line), words.paid_per_unit(line, order.currency)
    units = asked.units.get(line.pk, was)
    wanted = asked.prices.get(line.pk, price)
    if (units, wanted) == (was, price):
        return
    gone = max(0, was - units)
    if wanted != price and rest is not None and units:
        gone = _reprice(found, order, line, rest, gone, wanted)
    if gone:
        found.remove[line.pk] = gone
    if coming := units - (was - gone):
        found.add.append(another(line, coming, wanted))
    found.changes.append(words.of_line(line, order.currency, units=units, price=wanted))


def _reprice(
    found: Wants, order: Order, line: OrderLine, rest: Rest, gone: int, wanted: Decimal
) -> int:
    """Lower the price of what stays; or let all of it go, to come in again. Returns how many go."""
    taken = min(gone, rest.units)
    stays = rest.after(rest.price_of(taken), taken)
    target = _gross(line, wanted, stays.units, order.currency)
    if target is not None and target <= stays.gross:
        if stays.gross > target:
            found.off[line.pk] = stays.gross - target
        return gone
    if line.fulfilled:
        raise CannotChange(
            _("%(name)s: a part of it has left, so it can't become dearer.")
            % {"name": words.named(line)}
        )
    return words.units_of(line)


def _gross(line: OrderLine, price: Decimal, units: int, currency: str) -> Decimal | None:
    """What units come to at a new price, with this line's tax; None for a line that was free."""
    entered = line.unit_price * line.quantity - line.discount
    if not entered:
        return None
    return round_money(price * units * line.gross / entered, currency)


def another(line: OrderLine, units: int, price: Decimal) -> Added:
    """More of what a line is of. Raises CannotChange."""
    if line.variant is None:
        raise CannotChange(
            _("%(name)s is not in the catalogue any more.") % {"name": words.named(line)}
        )
    if line.extras:
        raise CannotChange(
            _("%(name)s was made to order: no more of it can be added here.")
            % {"name": words.named(line)}
        )
    return Added(line.variant, units, price, price_note=line.price_note)


def of_within(
    *, order: Order, lines: Sequence[OrderLine], add: Sequence[Added], remove: Mapping[int, int]
) -> Wants:
    """The same of lines and units that another process has decided on. Raises CannotChange."""
    by_id = {line.pk: line for line in lines}
    found = Wants(add=list(add))
    found.changes.extend(words.of_added(one, order.currency) for one in add)
    for pk, count in remove.items():
        if pk not in by_id or count < 0:
            raise CannotChange(_("One of these lines is not on the order any more."))
        if count:
            line = by_id[pk]
            price = words.paid_per_unit(line, order.currency)
            left = words.units_of(line) - count
            found.remove[pk] = count
            found.changes.append(words.of_line(line, order.currency, units=left, price=price))
    return found
