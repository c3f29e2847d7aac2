"""Withdrawals declared with an order's number and e-mail, by people who are not known otherwise.

The page only writes the declaration down; the contract is looked for here, by a worker. So the page
can't tell a hit from a miss, not even by its time, and no declaration is lost.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from orders.models import Order
from orders.services import orders
from orders.services.case_words import statement
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.outbox import delivery as outbox
from shop.outbox.models import post
from shop.processes import returns

TOPIC = "returns.withdrawal"


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody declared. pieces: which, in his words; empty for all of the order."""

    number: str
    email: str
    name: str
    pieces: str
    at: dt.datetime
    key: str

    @property
    def words(self) -> str:
        return statement(name=self.name, number=self.number, email=self.email, pieces=self.pieces)


def note_down(declared: Declared) -> None:
    """Owe the declaration a look. Once per key."""
    payload = {
        "number": declared.number,
        "email": declared.email,
        "name": declared.name,
        "pieces": declared.pieces,
        "at": declared.at.isoformat(),
        "key": declared.key,
    }
    post(topic=TOPIC, key=f"withdrawal-{declared.key}", payload=payload, now=declared.at)
    outbox.ring()


def carry_out(declared: Declared) -> None:
    """Withdraw where number and address belong together; else leave it to a person.

    Nothing is mailed to an address that is not the order's. Safe to repeat.
    """
    found = Order.objects.exclude(status=Order.Status.DRAFT).filter(
        number=declared.number, email__iexact=declared.email
    )
    order = found.first()
    if order is None:
        _hand_to_staff(declared, _("There is no order with this number and this e-mail."))
        return
    with translation.override(order.language):
        if declared.pieces:
            doubt = _(
                "Your withdrawal has reached us. Please tick the pieces you mean on its page."
            )
            _leave_open(order, declared, doubt)
            return
        withdraw(order, declared)


def withdraw(order: Order, declared: Declared) -> None:
    """Withdraw from all of it; what the shop has doubts about is confirmed and left to a person."""
    key = f"withdrawal-{order.number}-{declared.key}"
    try:
        returns.withdraw(
            order_id=order.pk, wanted=None, words=declared.words, key=key, now=declared.at
        )
    except Refused as refusal:
        _leave_open(order, declared, _doubt(refusal))


def doubted(*, order: Order, declared: Declared, refusal: Refused) -> None:
    """Confirm a declaration that was refused on the order's own page, and let a person read it."""
    _leave_open(order, declared, _doubt(refusal))


def _doubt(refusal: Refused) -> str:
    words = _("Your withdrawal has reached us. A person reads it, because: %(why)s")
    return words % {"why": refusal.message}


def _leave_open(order: Order, declared: Declared, why: str) -> None:
    with transaction.atomic():
        held = orders.lock(order_id=order.pk)
        payload = {
            "order_id": held.pk,
            "statement": declared.words,
            "at": declared.at.isoformat(),
            "why": why,
            "key": f"withdrawal-{declared.key}",
        }
        key = f"withdrawal-{declared.key}-doubtful"
        if post(topic="mail.withdrawal_doubtful", key=key, payload=payload, now=declared.at):
            text = f"{why} {declared.words}"[:500]
            orders.note(order=held, text=text, move=Move(declared.at, None))
        _hand_to_staff(declared, why)


def _hand_to_staff(declared: Declared, why: str) -> None:
    payload = {
        "statement": declared.words,
        "number": declared.number,
        "at": declared.at.isoformat(),
        "why": why,
        "key": f"withdrawal-{declared.key}",
    }
    key = f"withdrawal-{declared.key}-to-read"
    post(topic="mail.withdrawal_to_read", key=key, payload=payload, now=declared.at)
    outbox.ring()
