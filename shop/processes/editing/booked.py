"""Changing an order that is in the books: lines come in, units go, and nothing else is rewritten.

First what comes in, then what goes: so the one pays for the other, and only the difference moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order, OrderEdit, OrderLine
from orders.services import additions, orders
from orders.services.additions import Priced, is_service
from orders.services.orders import Move
from orders.services.pricing import TaxRules
from payments.models import Payment
from payments.services import documents, grants
from payments.services.books import sales
from payments.services.grant_sums import Asked
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.processes import assigning, refunding
from shop.processes.checkout import confirming
from shop.processes.editing import paying, stocking, words
from shop.processes.editing.reading import Wants
from shop.processes.editing.terms import CannotChange
from shop.processes.shortages import canceling

Chosen = list[tuple[OrderLine, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a change comes to before anything is written. back: what is granted; None: nothing."""

    rules: TaxRules
    priced: list[Priced]
    back: Asked | None
    difference: Decimal


def figure(*, order: Order, wants: Wants, move: Move) -> Figures:
    """Work it out; the order must be locked. Raises CannotAdd, NothingToGive, CardsUsed."""
    rules = additions.rules_for(order, now=move.now)
    priced = additions.price(order=order, added=wants.add, rules=rules)
    back = _asked(order, wants)
    granted = grants.preview(order=order, asked=back).amount.gross if back else ZERO
    added = sum((one.amount.gross for one in priced), ZERO)
    return Figures(rules, priced, back, added - granted)


def _asked(order: Order, wants: Wants) -> Asked | None:
    """What goes, to be granted. What was given back before stays out of it."""
    rests = {one.tax_line.line_id: one for one in grants.rests(order) if one.tax_line.line_id}
    units = {pk: min(count, rests[pk].units) for pk, count in wants.remove.items() if pk in rests}
    worth = sum((rests[pk].price_of(count) for pk, count in units.items() if count), ZERO)
    if not (worth or wants.off or wants.delivery_off):
        return None
    return Asked(units, wants.delivery_off, off=wants.off)


def carry_out(
    *,
    edit: OrderEdit,
    lines: Sequence[OrderLine],
    wants: Wants,
    figures: Figures,
    move: Move,
) -> None:
    """Do it; order and lines must be locked. Raises CannotChange, PickingStarted, OutOfStock."""
    order = edit.order
    chosen = _chosen(lines, wants)
    assigning.make_room(order=order, units=wants.remove, move=move)
    # Payments are locked before stock, everywhere.
    locked(Payment.objects.filter(order=order))
    stocking.hold(lines=[line for line, _count in chosen], added=wants.add)
    freed = stocking.take_off(order=order, units=chosen, move=move)
    _take_off(chosen)
    if wants.add:
        _bring_in(edit, figures, move)
    if figures.back:
        _give_back(edit, figures.back, move)
    _follow(order, move)
    stocking.offer_again(variant_ids=freed, move=move)


def _chosen(lines: Sequence[OrderLine], wants: Wants) -> Chosen:
    chosen = [(line, wants.remove[line.pk]) for line in lines if wants.remove.get(line.pk)]
    for line, count in chosen:
        most = line.fulfilled if is_service(line) else line.unfulfilled
        if count > most:
            words_ = _("%(name)s: %(most)s can still be taken off.")
            raise CannotChange(words_ % {"name": words.named(line), "most": most})
    if chosen and not any(_stays(line, wants) for line in lines) and not _has_goods(wants):
        raise CannotChange(_("Nothing would be left: cancel the order instead."))
    return chosen


def _stays(line: OrderLine, wants: Wants) -> bool:
    return not is_service(line) and words.units_of(line) > wants.remove.get(line.pk, 0)


def _has_goods(wants: Wants) -> bool:
    return any(one.variant for one in wants.add)


def _take_off(chosen: Chosen) -> None:
    for line, count in chosen:
        line.canceled += count
        if is_service(line):
            line.fulfilled -= count
    OrderLine.objects.bulk_update([line for line, _count in chosen], ["canceled", "fulfilled"])


def _bring_in(edit: OrderEdit, figures: Figures, move: Move) -> None:
    """Write the new lines, set their goods aside, book and invoice them."""
    order, priced = edit.order, figures.priced
    if order.status == Order.Status.COMPLETED and any(one.added.variant for one in priced):
        orders.move_to(order=order, status=Order.Status.CONFIRMED, move=move)
    lines = additions.add(order=order, priced=priced, rules=figures.rules, edit=edit)
    stocking.set_aside(order=order, lines=lines, move=move)
    sales.post_edit(edit=edit, now=move.now)
    documents.edited(edit=edit, now=move.now)


def _give_back(edit: OrderEdit, asked: Asked, move: Move) -> None:
    refunding.grant_within(
        order=edit.order,
        asked=asked,
        key=f"edit-{edit.pk}",
        move=Move(move.now, move.actor, move.note or str(_("Order changed"))),
        # The letter about the change tells of it.
        is_told=edit.cause in (OrderEdit.Cause.EXCHANGE, OrderEdit.Cause.CLAIM),
    )


def _follow(order: Order, move: Move) -> None:
    """What it makes of the order's states, of attempts to pay, and of what is handed over online."""
    if order.status != Order.Status.CONFIRMED:
        return
    canceling.close(order=order, move=move)
    paying.align(order=order, now=move.now)
    waits = order.lines.filter(is_shipped=False)
    if order.payment_status in orders.PAID and any(line.unfulfilled for line in waits):
        confirming.paid(order=order, move=Move(move.now))
