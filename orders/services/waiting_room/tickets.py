"""Tickets and passes: numbers that the shop signed with the time, kept by the browser alone."""

import datetime as dt
import re
from dataclasses import dataclass

from django.core import signing

FORM = re.compile(r"([wp])([0-9]{1,16})\.([0-9]{1,12})")
SALT = "orders.waiting_room"
# Whoever has not looked again for so long has left the line.
LEAVES = dt.timedelta(minutes=10)
# A pass opens the checkout for so long; a form that is filled in by then may be sent a while later.
BEGINS = dt.timedelta(minutes=15)
SENDS = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number in line, or once it was called the pass it became. epoch: of which line."""

    epoch: str
    number: int
    is_pass: bool = False


def signed(ticket: Ticket) -> str:
    """What the browser keeps: nobody else can make it up, or a better number."""
    kind = "p" if ticket.is_pass else "w"
    return signing.TimestampSigner(salt=SALT).sign(f"{kind}{ticket.epoch}.{ticket.number}")


def ticket_in(kept: str) -> Ticket | None:
    """The place in line that a browser kept; None when it is none or was left too long ago."""
    found = _read(kept, LEAVES)
    return found if found and not found.is_pass else None


def pass_in(kept: str, *, sends: bool) -> Ticket | None:
    """The pass that a browser kept, as long as it holds. sends: it comes with a form."""
    found = _read(kept, SENDS if sends else BEGINS)
    return found if found and found.is_pass else None


def _read(kept: str, longest: dt.timedelta) -> Ticket | None:
    try:
        text = signing.TimestampSigner(salt=SALT).unsign(kept[:200], max_age=longest)
    except signing.BadSignature:
        return None
    found = FORM.fullmatch(text)
    return Ticket(found[2], int(found[3]), is_pass=found[1] == "p") if found else None
