"""What a rule may do to an order: a small catalogue. Every act is harmless to repeat."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from orders.models import Hold, Order
from orders.services import assigning, calls, orders, tags
from orders.services.orders import Move
from shop.lib.errors import Refused
from shop.outbox.delivery import ring
from shop.outbox.models import post

OPEN = (Order.Status.PENDING, Order.Status.CONFIRMED)
LONGEST = 200


class Late(Refused):
    """Raised when an order is closed by the time a rule would stop it."""


@dataclass(frozen=True, slots=True)
class Act:
    """value: what the act needs, in words; check: raises Refused for a value it can't use.

    run: does it and says what it did; raises Refused. The order is locked.
    """

    code: str
    name: Promise
    value: Promise
    run: Callable[[Order, str, Move], str]
    check: Callable[[str], object]


def _tag(order: Order, value: str, move: Move) -> str:
    fresh = tags.tag(order=order, tags=tags.read(value), move=move)
    return (
        _("Tagged: %(tags)s.") % {"tags": ", ".join(fresh)} if fresh else _("Had the tag already.")
    )


def _untag(order: Order, value: str, move: Move) -> str:
    gone = tags.untag(order=order, tags=tags.read(value), move=move)
    return (
        _("Tag removed: %(tags)s.") % {"tags": ", ".join(gone)} if gone else _("Had no such tag.")
    )


def _open(order: Order) -> None:
    if order.status not in OPEN:
        raise Late(_("The order is closed, there is nothing to stop."))


def _hold(order: Order, value: str, move: Move) -> str:
    _open(order)
    orders.hold(order=order, kind=Hold.Kind.RULE, reason=value, move=move)
    return _("On hold: %(why)s") % {"why": value}


def _call(order: Order, value: str, move: Move) -> str:
    _open(order)
    calls.ask(order=order, reason=value, move=move)
    return _("The customer is to be called: %(why)s") % {"why": value}


def colleague(value: str) -> User:
    """Raises Refused for an address of nobody who works here."""
    found = User.objects.filter(email__iexact=value, is_staff=True, is_active=True).first()
    if found is None:
        raise assigning.NotStaff(_("%(who)s does not work here.") % {"who": value})
    return found


def _assign(order: Order, value: str, move: Move) -> str:
    person = colleague(value)
    assigning.assign(order=order, user=person, move=move)
    return _("Given to %(who)s.") % {"who": person}


def _note(order: Order, value: str, move: Move) -> str:
    orders.note(order=order, text=value, move=Move(move.now, move.actor))
    return _("Note: %(text)s") % {"text": value}


def _mail(order: Order, value: str, move: Move) -> str:
    """To a colleague or a partner, about the order. move.note: the rule's name."""
    digest = hashlib.sha256(f"{value}|{move.note}".encode()).hexdigest()[:16]
    key = f"order-{order.number}-rule-{digest}-{move.now.timestamp():.0f}"
    payload = {"order_id": order.pk, "to": value, "rule": move.note, "key": key}
    post(topic="mail.order_rule", key=key, payload=payload, now=move.now)
    ring()
    return _("Mail to %(who)s.") % {"who": value}


def _words(value: str) -> None:
    if len(value) > LONGEST:
        raise Refused(_("At most %(count)s letters.") % {"count": LONGEST})


def _address(value: str) -> None:
    try:
        validate_email(value)
    except ValidationError as error:
        raise Refused(_("“%(value)s” is no e-mail address.") % {"value": value}) from error


ACTS = {
    act.code: act
    for act in (
        Act("hold", lazy("Hold the order"), lazy("why"), _hold, _words),
        Act("call", lazy("Have the customer called"), lazy("why"), _call, _words),
        Act("tag", lazy("Add tags"), lazy("tags, with commas"), _tag, tags.read),
        Act("untag", lazy("Remove tags"), lazy("tags, with commas"), _untag, tags.read),
        Act("assign", lazy("Give it to a colleague"), lazy("their e-mail"), _assign, colleague),
        Act("mail", lazy("Mail somebody"), lazy("e-mail address"), _mail, _address),
        Act("note", lazy("Write a note"), lazy("the note"), _note, _words),
    )
}
