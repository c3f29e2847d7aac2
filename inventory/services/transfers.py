"""Transfers between our locations: written down, changed, called off."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Batch, Location, Transfer, TransferEvent
from inventory.services import numbering
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked

Status = Transfer.Status
MOST = 100_000


class TransferRefused(Refused):
    """Raised when a transfer can't be written, sent or received like this."""


@transaction.atomic
def draft(
    *, source: Location, target: Location, note: str = "", actor: User | None, now: dt.datetime
) -> Transfer:
    """Begin a transfer. Raises TransferRefused when it would go nowhere."""
    if source == target:
        raise TransferRefused(_("From and to are the same place."))
    transfer = Transfer.objects.create(
        number=numbering.transfer_number(),
        source=source,
        target=target,
        note=note,
        created_by=actor,
        created_at=now,
    )
    _tell(transfer, "", now, actor)
    return transfer


@transaction.atomic
def put(
    *,
    transfer_id: int,
    variant_id: int,
    units: int,
    adds: bool = False,
    batch: Batch | None = None,
) -> None:
    """Say how many units of a variant go; 0 takes the line off. adds: on top of what is there.

    batch: of the source; None: what expires first. Raises TransferRefused after the draft.
    """
    transfer = held(transfer_id, Status.DRAFT)
    lines = transfer.lines.filter(variant=variant_id, batch=batch)
    line = lines.first()
    wanted = units + (line.quantity if line and adds else 0)
    if not 0 <= wanted <= MOST:
        raise TransferRefused(_("Between 0 and %(most)s units, please.") % {"most": MOST})
    if wanted == 0:
        lines.delete()
    elif line:
        lines.update(quantity=wanted)
    else:
        transfer.lines.create(variant_id=variant_id, batch=batch, quantity=wanted)


@transaction.atomic
def cancel(*, transfer_id: int, actor: User | None, now: dt.datetime) -> Transfer:
    return move(held(transfer_id), Status.CANCELED, now, actor)


def held(transfer_id: int, status: str = "") -> Transfer:
    """The transfer, locked. Raises TransferRefused when it is not (any more) in this state."""
    transfer = locked(Transfer.objects.select_related("source", "target").filter(pk=transfer_id))[0]
    if status and transfer.status != status:
        words = _("This transfer is already “%(status)s”.")
        raise TransferRefused(words % {"status": transfer.get_status_display()})
    return transfer


def move(transfer: Transfer, status: str, now: dt.datetime, actor: User | None) -> Transfer:
    if status not in transfer.MOVES[transfer.status]:
        words = _("This transfer is already “%(status)s”.")
        refusal = TransferRefused(words % {"status": transfer.get_status_display()})
        raise refusal from InvalidTransition(transfer, transfer.status, status)
    before, transfer.status = transfer.status, status
    if status == Status.IN_TRANSIT:
        transfer.sent_at = now
    if status == Status.RECEIVED:
        transfer.received_at = now
    transfer.save(update_fields=["status", "sent_at", "received_at"])
    _tell(transfer, before, now, actor)
    return transfer


def _tell(transfer: Transfer, before: str, now: dt.datetime, actor: User | None) -> None:
    TransferEvent.objects.create(
        transfer=transfer,
        axis="status",
        from_state=before,
        to_state=transfer.status,
        at=now,
        actor=actor,
    )
