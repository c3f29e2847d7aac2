"""What must leave in time."""

from shop.processes.bookkeeping.promises import Invariant, Level

OUTBOX = (
    Invariant(
        "outbox.late",
        "What the shop owes the world leaves within ten minutes.",
        """
        select id as message, topic, tries, created_at, last_error from outbox_message
        where done_at is null and failed_at is null and (
            due_at < %(now)s::timestamptz - interval '10 minutes'
            or (tries > 0 and created_at < %(now)s::timestamptz - interval '10 minutes')
        )
        """,
        Level.WARNING,
    ),
    Invariant(
        "outbox.given_up",
        "No message was given up.",
        "select id as message, topic, last_error from outbox_message where failed_at is not null",
        Level.WARNING,
    ),
)
