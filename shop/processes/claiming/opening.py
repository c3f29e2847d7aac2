"""Opening a claim: what arrived broken, wrong or not at all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Claim, ClaimLine, Order
from orders.services import claims, orders
from orders.services.orders import Move
from shipping.models import Fulfilment
from shop.processes.claiming.telling import ANSWERED_WITHIN, CannotClaim, owe
from shop.processes.returns import outstanding, pictures
from shop.processes.returns.wanted import Photo

Kind, Outcome = Claim.Kind, Claim.Outcome
ON_ITS_WAY = (Fulfilment.Status.SHIPPED, Fulfilment.Status.FAILED_DELIVERY)


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: str
    lines: Mapping[int, int]
    wish: str
    words: str
    photos: Sequence[Photo]
    parcel_id: int | None
    key: str


def kinds(*, order: Order) -> list[tuple[str, str]]:
    """What may be claimed now: a parcel is lost only while it is on its way."""
    if not order.lines.filter(is_shipped=True, fulfilled__gt=0).exists():
        return []
    parcels = Fulfilment.objects.filter(order=order)
    missing = [] if parcels.filter(status__in=ON_ITS_WAY).exists() else [Kind.LOST]
    return [(value, str(label)) for value, label in Kind.choices if value not in missing]


def open(  # noqa: A001 - what it does, read as claiming.open
    *,
    order_id: int,
    kind: str,
    lines: Mapping[int, int],
    wish: str,
    words: str,
    photos: Sequence[Photo] = (),
    parcel_id: int | None = None,
    key: str,
    actor: User | None,
    now: dt.datetime,
) -> Claim:
    """Write a claim down, once per key: {line id: units}. Raises CannotClaim, PictureRefused."""
    asked = _Asked(kind, lines, wish, words, pictures.cleaned(photos), parcel_id, key)
    return _open(order_id, asked, Move(now, actor))


open_claim = open


@transaction.atomic(durable=True)
def _open(order_id: int, asked: _Asked, move: Move) -> Claim:
    order = orders.lock(order_id=order_id)
    if known := Claim.objects.filter(order=order, key=asked.key).first():
        return known
    units = _checked(order, asked)
    claim = Claim.objects.create(
        number=claims.next_number(),
        order=order,
        parcel=asked.parcel_id,
        kind=asked.kind,
        wish=asked.wish,
        words=asked.words,
        due_at=move.now + ANSWERED_WITHIN,
        opened_by=move.actor,
        opened_at=move.now,
        key=asked.key,
    )
    ClaimLine.objects.bulk_create(
        ClaimLine(claim=claim, order_line_id=pk, quantity=count) for pk, count in units.items()
    )
    pictures.keep(photos=asked.photos, order=order, now=move.now, claim=claim)
    claims.event(claim, to_state=claim.status, move=move)
    owe(claim, "claim_opened", move.now)
    return claim


def _checked(order: Order, asked: _Asked) -> dict[int, int]:
    """Units by line. Raises CannotClaim."""
    if order.status not in (Order.Status.CONFIRMED, Order.Status.COMPLETED):
        raise CannotClaim(_("Nothing of this order can be claimed."))
    if asked.kind not in dict(kinds(order=order)) or asked.wish not in Outcome:
        raise CannotClaim(_("Choose what went wrong, and what you would like."))
    parcels = Fulfilment.objects.filter(order=order)
    if asked.parcel_id and not parcels.filter(pk=asked.parcel_id).exists():
        raise CannotClaim(_("That is not a parcel of this order."))
    units = {pk: count for pk, count in asked.lines.items() if count}
    rows = [line for line in order.lines.select_related("edit") if line.is_shipped]
    left = outstanding.left_to_claim(order, rows)
    if not units or any(not 0 < count <= left.get(pk, 0) for pk, count in units.items()):
        raise CannotClaim(_("Choose what is affected: no more than was sent and not sorted out."))
    return units
