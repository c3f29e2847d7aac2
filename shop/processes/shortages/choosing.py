"""What the buyer of a short line chooses on the order's own page: once, whoever else decides."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Shortage
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services import orders, substitutes
from orders.services.orders import Move
from orders.services.replacing import CannotReplace
from shop.lib.errors import Refused
from shop.processes.shortages import deciding, lines

Outcome = Shortage.Outcome
CHOICES = (Outcome.WAIT, Outcome.SUBSTITUTE, Outcome.CANCEL)


class AlreadySettled(Refused):
    """Raised when something else was decided meanwhile; the message says what."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of CHOICES; sku: the other piece, for a substitute."""

    outcome: str
    sku: str = ""


@transaction.atomic(durable=True)
def choose(*, order_id: int, line_id: int, choice: Choice, now: dt.datetime) -> Order:
    """Do what the buyer wants of a short line. The same choice twice does it once.

    Raises AlreadySettled, CannotReplace, Refused, OrderLine.DoesNotExist.
    """
    order = orders.lock(order_id=order_id)
    line = lines.line_of(order, line_id)
    holders = list(holders_of(line))
    last = Shortage.objects.filter(holder__in=holders).order_by("settled_at", "pk").last()
    if last is None:
        raise AlreadySettled(_("Nothing of this is missing."))
    is_open = Shortage.objects.filter(holder__in=holders, settled_at=None).exists()
    if not is_open:
        if not _is_same(last, line, choice):
            raise AlreadySettled(words_for(last, line))
        return order
    _do(order, line, choice, Move(now, None, _("The customer chose so.")))
    return order


def _do(order: Order, line: OrderLine, choice: Choice, move: Move) -> None:
    if order.status not in lines.OPEN:
        raise AlreadySettled(_("This order is closed: there is nothing to choose any more."))
    if choice.outcome == Outcome.WAIT:
        deciding.let_wait(order=order, line=line, move=move)
    elif choice.outcome == Outcome.SUBSTITUTE:
        offered = substitutes.alternatives(line=line, market=order.market)
        if choice.sku not in {one.variant.sku for one in offered}:
            raise CannotReplace(_("This has sold out in the meantime, too. Please choose again."))
        deciding.replace(order=order, line=line, sku=choice.sku, move=move)
    elif choice.outcome == Outcome.CANCEL:
        deciding.drop_missing(order=order, line=line, move=move)
    else:
        raise CannotReplace(_("Please choose one of these."))


def _is_same(last: Shortage, line: OrderLine, choice: Choice) -> bool:
    is_piece = choice.outcome != Outcome.SUBSTITUTE or choice.sku == line.sku
    return last.outcome == choice.outcome and is_piece


def words_for(last: Shortage, line: OrderLine) -> str:
    """What became of a shortage, for its buyer."""
    told = {
        Outcome.WAIT: _("It was settled meanwhile: the rest comes later."),
        Outcome.SUBSTITUTE: _("It was settled meanwhile: you get %(piece)s instead."),
        Outcome.CANCEL: _("It was settled meanwhile: what is missing was cancelled."),
        Outcome.FOUND: _("Good news: it was found after all. You get everything."),
    }
    return told[Outcome(last.outcome)] % {"piece": lines.named(line)}
