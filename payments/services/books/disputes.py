"""Charge-backs in the books: taken by the buyer's bank, then lost or won."""

from decimal import Decimal

from payments.models import PaymentEvent
from payments.services.books.drafts import Line, against
from payments.services.books.roles import Role

Stage = PaymentEvent.Stage


def lines_of(stage: str, amount: Decimal, charged_to: Role) -> tuple[Line, ...]:
    """What a step of a dispute moves. charged_to: where the money that is disputed was.

    REQUEST: the bank took it. SUCCESS: it is lost. FAILURE: it came back.
    A dispute's fee stands on the provider's own list, see payouts.
    """
    if stage == Stage.REQUEST:
        return against(Role.DISPUTED, amount, charged_to)
    if stage == Stage.SUCCESS:
        return against(Role.CHARGE_BACKS, amount, Role.DISPUTED)
    return against(charged_to, amount, Role.DISPUTED)
