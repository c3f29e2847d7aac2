"""Other pieces sent before the goods are back: given on trust, and charged when nothing comes."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from orders.models import Exchange, OrderLine, Return
from orders.services import exchanges
from orders.services.orders import Move
from payments.models import GrantedLine
from shop.lib.money import round_money
from shop.processes.editing import Added
from shop.processes.returns import exchanging, paying, telling
from shop.processes.returns.sums import sums_of

Status, Ships = Exchange.Status, Exchange.Ships


def advance(*, rma: Return, move: Move) -> None:
    """Add what is wanted now, against what will come back. Raises OutOfStock."""
    exchange = exchanges.of(rma)
    if exchange is None or exchange.status != Status.WAITING:
        return
    paying.hold_money(rma.order)
    asked = dict(rma.lines.values_list("order_line_id", "quantity"))
    sums = sums_of(rma, asked)
    exchanging.let_go(exchange, move)
    added = exchanging.pieces(exchange, sums.units)
    exchange.edit = paying.charge(rma, added, f"{rma.number}-exchange", move)
    paying.give(rma, sums, move)
    exchanges.move_to(exchange=exchange, status=Status.RELEASED, move=move)
    telling.owe(rma, "exchange_sent", move.now)


def is_advanced(rma: Return) -> bool:
    return Exchange.objects.filter(rma=rma, ships=Ships.AT_ONCE, edit__isnull=False).exists()


def make_up(*, rma: Return, taken: Mapping[int, int], move: Move) -> None:
    """Charge for units that were given on trust and did not come, or were refused.

    taken: the units that are paid for, by order line.
    """
    if not is_advanced(rma):
        return
    rows = GrantedLine.objects.filter(grant__rma=rma, line__isnull=False)
    added = []
    for row in rows.select_related("line").order_by("pk"):
        missing = row.quantity - taken.get(row.line_id or 0, 0)
        if row.line and missing > 0 and row.gross:
            added.append(_owed(rma, row, row.line, missing))
    if added:
        paying.hold_money(rma.order)
        paying.charge(rma, added, f"{rma.number}-not-back", move)


def _owed(rma: Return, row: GrantedLine, line: OrderLine, missing: int) -> Added:
    gross = round_money(row.gross * missing / row.quantity, rma.order.currency)
    words = _("Not sent back: %(count)s × %(piece)s") % {"count": missing, "piece": line.sku}
    return Added(None, 1, paying.shown(rma.order, gross), words)
