"""Changing an order that is no sale yet: its lines are written anew, nothing is granted back."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from orders.models import Order, OrderLine
from orders.services import additions, rewriting
from orders.services.additions import Added
from orders.services.orders import Move
from orders.services.pricing import TaxRules
from payments.models import Payment
from payments.services import payments
from shop.lib.locks import locked
from shop.lib.money import ZERO
from shop.processes.checkout import settling
from shop.processes.editing import paying, stocking, words
from shop.processes.editing.reading import another, check_ids
from shop.processes.editing.terms import Amendment, CannotChange, Change


def carry_out(
    *, order: Order, lines: Sequence[OrderLine], asked: Amendment, move: Move
) -> list[Change]:
    """Do it; order and lines must be locked. Raises CannotChange, OutOfStock."""
    check_ids(lines, asked)
    locked(Payment.objects.filter(order=order))
    rules = additions.rules_for(order, now=move.now)
    touched = [line for line in lines if line.pk in asked.units or line.pk in asked.prices]
    more = _more(order, touched, asked)
    changes = [found for line in touched if (found := _told(order, line, asked))]
    changes += [words.of_added(one, order.currency) for one in asked.add]
    _check_stays(lines, asked)
    stocking.hold(lines=touched, added=[*more, *asked.add])
    freed = [pk for line in touched for pk in _resize(order, line, asked, rules, move)]
    if asked.delivery:
        rewriting.deliver(order=order, price=asked.delivery.price, rules=rules)
    coming = [*more, *asked.add]
    rewriting.sum_up(order=order)
    priced = additions.price(order=order, added=coming, rules=rules)
    made = additions.add(order=order, priced=priced, rules=rules, edit=None)
    stocking.set_aside(order=order, lines=made, move=move)
    _settle(order, move)
    stocking.offer_again(variant_ids=freed, move=move)
    return changes


def _more(order: Order, touched: Sequence[OrderLine], asked: Amendment) -> list[Added]:
    """Units on top of what a line has come in as a line of their own."""
    return [
        another(line, asked.units[line.pk] - line.quantity, _price(order, line, asked))
        for line in touched
        if asked.units.get(line.pk, 0) > line.quantity
    ]


def _price(order: Order, line: OrderLine, asked: Amendment) -> Decimal:
    return asked.prices.get(line.pk, words.paid_per_unit(line, order.currency))


def _told(order: Order, line: OrderLine, asked: Amendment) -> Change | None:
    units, price = asked.units.get(line.pk, line.quantity), _price(order, line, asked)
    was = (line.quantity, words.paid_per_unit(line, order.currency))
    if (units, price) == was:
        return None
    return words.of_line(line, order.currency, units=units, price=price)


def _check_stays(lines: Sequence[OrderLine], asked: Amendment) -> None:
    stays = any(line.sku and asked.units.get(line.pk, line.quantity) for line in lines)
    if not stays and not any(one.variant for one in asked.add):
        raise CannotChange(_("Nothing would be left: cancel the order instead."))


def _resize(
    order: Order, line: OrderLine, asked: Amendment, rules: TaxRules, move: Move
) -> list[int]:
    """Returns the variants that others may have of."""
    units = min(asked.units.get(line.pk, line.quantity), line.quantity)
    freed = stocking.take_off(order=order, units=[(line, line.quantity - units)], move=move)
    if not units:
        line.delete()
        return freed
    price = _price(order, line, asked)
    is_new = price != words.paid_per_unit(line, order.currency)
    if is_new or units != line.quantity:
        rewriting.resize(
            line=line,
            units=units,
            price=price if is_new else None,
            rules=rules,
            currency=order.currency,
        )
    return freed


def _settle(order: Order, move: Move) -> None:
    """Never less than what is there already; exactly that, and it is paid. Raises CannotChange."""
    rows = Payment.objects.filter(order=order)
    there = rows.aggregate(
        charged=Sum("charged", default=ZERO), held=Sum("authorized", default=ZERO)
    )
    if there["charged"] + there["held"] > order.total:
        raise CannotChange(
            _("More is paid or held than the order would come to: cancel it and order anew.")
        )
    paying.align(order=order, now=move.now)
    if not payments.left_to_pay(order):
        settling.settled(order=order, move=Move(move.now))
