"""The waiting room before the checkout (docs/decisions/0027-waiting-room.md)."""

from orders.services.waiting_room.room import (
    Minute,
    Turn,
    close_room,
    is_used,
    knock,
    look,
    minutes,
    open_room,
    ordered,
    usual_rate,
)
from orders.services.waiting_room.tickets import (
    BEGINS,
    LEAVES,
    SENDS,
    Ticket,
    pass_in,
    signed,
    ticket_in,
)

__all__ = [
    "BEGINS",
    "LEAVES",
    "SENDS",
    "Minute",
    "Ticket",
    "Turn",
    "close_room",
    "is_used",
    "knock",
    "look",
    "minutes",
    "open_room",
    "ordered",
    "pass_in",
    "signed",
    "ticket_in",
    "usual_rate",
]
