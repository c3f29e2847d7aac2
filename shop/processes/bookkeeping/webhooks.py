"""What systems outside are told."""

from shop.processes.bookkeeping.promises import Invariant, Level

WEBHOOKS = (
    Invariant(
        "webhooks.done",
        "A delivery is over when it was taken or given up, and not before.",
        """
        select id as delivery, state, done_at from channels_webhookdelivery
        where (state = 'waiting') <> (done_at is null)
        """,
    ),
    Invariant(
        "webhooks.taken",
        "What counts as delivered was tried, and answered with a yes.",
        """
        select id as delivery, status, tries from channels_webhookdelivery
        where state = 'delivered' and (tries = 0 or coalesce(status, 0) not between 200 and 299)
        """,
    ),
    Invariant(
        "webhooks.secret",
        "Every endpoint has a secret to sign with.",
        "select id as endpoint, name from channels_webhookendpoint where secret = ''",
    ),
    Invariant(
        "webhooks.late",
        "What is due to an endpoint that answers leaves within ten minutes.",
        """
        select delivery.id as delivery, delivery.due_at, endpoint.name
        from channels_webhookdelivery delivery
        join channels_webhookendpoint endpoint on endpoint.id = delivery.endpoint_id
        where delivery.state = 'waiting' and endpoint.is_active and endpoint.failures = 0
        and delivery.due_at < %(now)s::timestamptz - interval '10 minutes'
        """,
        Level.WARNING,
    ),
)
