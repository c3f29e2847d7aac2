"""The money of a return: given for what came back, charged for what it costs."""

from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import Order, OrderEdit, Return
from orders.services.orders import Move
from payments.gateways import BALANCES
from payments.models import GrantedRefund, Payment
from payments.services import balances, stored_value
from payments.services.grant_sums import Asked
from payments.services.grants import Terms
from shop.lib.locks import locked
from shop.lib.money import round_money
from shop.processes import editing, refunding
from shop.processes.checkout import settling as checkout_money
from shop.processes.editing import Added
from shop.processes.returns.sums import Sums

Wish = Return.Wish


def hold_money(order: Order) -> None:
    """Lock an order's payments and the balances behind them."""
    held = locked(Payment.objects.filter(order=order))
    stored = [one for one in held if one.provider in BALANCES]
    balances.lock(stored_value.account_id(payment) for payment in stored)


def give(rma: Return, sums: Sums, move: Move) -> GrantedRefund | None:
    if rma.grants.exists() or not sums.goods + sums.delivery:
        return None
    to = GrantedRefund.To.ORIGIN if rma.wish == Wish.EXCHANGE else rma.wish
    reason = _("Return %(number)s") % {"number": rma.number}
    terms = Terms(to, reason, rma.number, move.actor, move.now, rma=rma)
    asked = Asked({pk: count for pk, count in sums.units.items() if count}, sums.delivery)
    given = refunding.give(order=rma.order, asked=asked, terms=terms)
    # What was owed for other pieces may be paid by it, without any money moving.
    checkout_money.moved(order=rma.order, now=move.now)
    return given


def shown(order: Order, gross: Decimal) -> Decimal:
    """An amount as the order's market enters prices: with tax, or without it."""
    taxes = list(order.tax_lines.all())
    if not taxes or taxes[0].included:
        return gross
    return round_money(gross * 100 / (100 + max(one.rate for one in taxes)), order.currency)


def charge(rma: Return, added: list[Added], key: str, move: Move) -> OrderEdit:
    """Add what a return costs its buyer to the order."""
    reason = _("Return %(number)s") % {"number": rma.number}
    return editing.amend_within(
        order=rma.order,
        cause=OrderEdit.Cause.EXCHANGE,
        add=added,
        remove={},
        reason=reason,
        key=key,
        move=move,
    )
