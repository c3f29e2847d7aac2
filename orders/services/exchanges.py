"""Exchanges written down and moved, each move with its event."""

from uuid import UUID, uuid5

from orders.models import Exchange, ExchangeEvent, Return
from orders.services.orders import Move
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

NAMES = UUID("0d8b7c1e-6f5e-4b0e-9a57-2f6f5c6f3f10")


def holder_of(exchange: Exchange) -> UUID:
    """The name under which its pieces are kept until they become lines of the order."""
    return uuid5(NAMES, f"exchange-{exchange.pk}")


def of(rma: Return) -> Exchange | None:
    """The exchange of a return, held; its order and its return must be."""
    found = locked(Exchange.objects.filter(rma=rma))
    for one in found:
        one.rma, one.order = rma, rma.order
    return found[0] if found else None


def move_to(*, exchange: Exchange, status: str, move: Move) -> None:
    """Raises InvalidTransition."""
    if status not in Exchange.MOVES[exchange.status]:
        raise InvalidTransition(exchange, exchange.status, status)
    was, exchange.status = exchange.status, status
    exchange.save()
    event(exchange, from_state=was, to_state=status, move=move)


def event(exchange: Exchange, *, to_state: str, move: Move, from_state: str = "") -> ExchangeEvent:
    return ExchangeEvent.objects.create(
        exchange=exchange,
        axis="status",
        from_state=from_state,
        to_state=to_state,
        at=move.now,
        actor=move.actor,
        note=move.note[:500],
    )
