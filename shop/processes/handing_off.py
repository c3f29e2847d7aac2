"""Handing off: what lies at a partner is sent by the partner, who is told what and where to."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.models import Location
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from orders.services.promises import promises_of
from shipping.models import HandOff
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import post

Status = HandOff.Status
OPEN = (Status.PENDING, Status.TOLD)
# What is owed to a partner: the order, or the news that it is off.
SEND, OFF = "send", "off"
Contents = dict[str, int]


def refresh(*, order: Order, move: Move) -> None:
    """Make hand-offs say what is set aside at partners. The order must be locked.

    One that the partner knows and that asks for more than there is now is called off; a new one
    asks for the rest. What came on top waits until the first has been sent.
    """
    partners = set(Location.objects.filter(kind=Location.Kind.PARTNER).values_list("pk", flat=True))
    if not partners:
        return
    wanted = _wanted(order, partners) if order.can_ship else {}
    for one in locked(HandOff.objects.filter(order=order, status__in=OPEN)):
        contents = wanted.pop(one.location_id, {})
        if one.status == Status.TOLD and _holds(contents, one.contents):
            continue
        if one.status == Status.PENDING and contents:
            _rewrite(one, contents)
            continue
        _call_off(one, move)
        if contents:
            wanted[one.location_id] = contents
    for location_id, contents in sorted(wanted.items()):
        _hand_off(order, location_id, contents, move)


def _wanted(order: Order, partners: Collection[int]) -> dict[int, Contents]:
    """Whole units of lines by partner location."""
    lines = list(order.lines.prefetch_related("parts").order_by("position", "pk"))
    promises = promises_of(lines)
    refused = HandOff.objects.filter(order=order, status=Status.REFUSED)
    # What a partner refused waits for a person.
    said_no = [(one.location_id, one.contents) for one in refused]
    found: dict[int, Contents] = {}
    for place in partners:
        contents = {
            str(pk): units for pk, one in promises.items() if (units := one.at.get(place, 0))
        }
        if contents and (place, contents) not in said_no:
            found[place] = contents
    return found


def _holds(there: Mapping[str, int], asked: Mapping[str, int]) -> bool:
    return all(there.get(line, 0) >= units for line, units in asked.items())


def _rewrite(one: HandOff, contents: Contents) -> None:
    if one.contents != contents:
        one.contents = contents
        one.save(update_fields=["contents"])


def _call_off(one: HandOff, move: Move) -> None:
    was, one.status = one.status, Status.CANCELED
    one.save(update_fields=["status"])
    if was == Status.TOLD:
        owe(one, OFF, move)


def _hand_off(order: Order, location_id: int, contents: Contents, move: Move) -> None:
    made = HandOff.objects.create(
        order=order, location_id=location_id, contents=contents, created_at=move.now
    )
    words = _("To be sent by %(partner)s.") % {"partner": made.location.name}
    orders.note(order=order, text=words, move=Move(move.now))
    owe(made, SEND, move)


def owe(one: HandOff, what: str, move: Move) -> None:
    """Owe a partner the news of a hand-off, once each."""
    post(
        topic="stock.tell_partners",
        key=f"hand-off-{one.pk}-{what}",
        payload={"hand_off_id": one.pk, "what": what},
        now=move.now,
    )
    outbox.ring()


@transaction.atomic
def ask_again(*, hand_off_id: int, move: Move) -> HandOff:
    """A person wants a partner told once more, one who refused as well. Raises Refused."""
    order_id = HandOff.objects.values_list("order_id", flat=True).get(pk=hand_off_id)
    order = orders.lock(order_id=order_id)
    one = locked(HandOff.objects.filter(pk=hand_off_id))[0]
    if one.status == Status.REFUSED:
        HandOff.objects.filter(pk=one.pk).update(status=Status.CANCELED)
        refresh(order=order, move=move)
    elif one.status == Status.PENDING:
        again(order=order, move=move)
    else:
        raise Refused(_("Only what is not told yet, or was refused, is told again."))
    return one


def again(*, order: Order, move: Move) -> None:
    """Owe the news once more: nothing stops the order any more, or a person wants it told."""
    for one in HandOff.objects.filter(order=order, status=Status.PENDING):
        post(
            topic="stock.tell_partners",
            key=f"hand-off-{one.pk}-{SEND}-{move.now.timestamp():.6f}",
            payload={"hand_off_id": one.pk, "what": SEND},
            now=move.now,
        )
    outbox.ring()
