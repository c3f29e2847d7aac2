"""Settling: what was taken back is paid, kept for a fee, or made up for by other pieces."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.services.stock import OutOfStock
from orders.models import Exchange, Return
from orders.services import exchanges, returns
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.processes.editing import Added
from shop.processes.returns import at_once, exchanging, paying, telling
from shop.processes.returns.sums import Sums, accepted, sums_of

Status = Return.Status


class NotChecked(Refused):
    """Raised when a return is to be settled that nobody has looked at."""


@transaction.atomic(durable=True)
def settle(*, rma_id: int, actor: User | None, now: dt.datetime) -> Return:
    """Give the money for what was taken back, or send what is wanted instead. Once.

    Raises NotChecked, and TooMuch or CardsUsed when the money can't go back.
    """
    _order, rma = returns.lock(rma_id=rma_id)
    if rma.status != Status.CLOSED:
        settle_within(rma=rma, move=Move(now, actor))
    return rma


def settle_within(*, rma: Return, move: Move) -> None:
    """The same within a transaction that holds order and return."""
    is_kept = rma.status == Status.APPROVED and rma.way == Return.Way.KEEP
    if rma.status != Status.INSPECTED and not is_kept:
        raise NotChecked(_("Look at what came back first."))
    order = rma.order
    # Money is locked before stock, everywhere: other pieces take stock below.
    paying.hold_money(order)
    taken = accepted(rma)
    sums = sums_of(rma, taken)
    if rma.grants.exists():
        # Given on trust when it was agreed to: what did not come is charged.
        at_once.make_up(rma=rma, taken=taken, move=move)
    else:
        _exchange(rma, sums, move)
        _keep_fee(rma, sums, move)
        paying.give(rma, sums, move)
    rma.fee, rma.with_delivery = sums.fee, bool(sums.delivery)
    returns.move_to(rma=rma, status=Status.CLOSED, move=move)
    telling.owe(rma, "return_settled", move.now)


def _keep_fee(rma: Return, sums: Sums, move: Move) -> None:
    """Charge the fee first: what is given then is less by what is owed."""
    if not sums.fee:
        return
    words = _("Fee for return %(number)s") % {"number": rma.number}
    paying.charge(
        rma, [Added(None, 1, paying.shown(rma.order, sums.fee), words)], f"{rma.number}-fee", move
    )


# Other pieces


def _exchange(rma: Return, sums: Sums, move: Move) -> None:
    exchange = exchanges.of(rma)
    if exchange is None or exchange.status != Exchange.Status.WAITING:
        return
    exchanging.let_go(exchange, move)
    added = exchanging.pieces(exchange, sums.units)
    if not added:
        exchanges.move_to(exchange=exchange, status=Exchange.Status.CANCELED, move=move)
        return
    try:
        with transaction.atomic():
            exchange.edit = paying.charge(rma, added, f"{rma.number}-exchange", move)
    except OutOfStock:
        # Nobody waits for what is gone: the money goes back instead.
        gone = Move(move.now, move.actor, _("Sold out: the money goes back instead."))
        exchanges.move_to(exchange=exchange, status=Exchange.Status.CANCELED, move=gone)
        return
    exchanges.move_to(exchange=exchange, status=Exchange.Status.RELEASED, move=move)
    telling.owe(rma, "exchange_sent", move.now)
