"""The words of webhooks: what there is to be told, how often it is tried, when it is let go of."""

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: dict[str, str | Promise] = {
    "order.placed": _("Order placed"),
    "order.confirmed": _("Order confirmed"),
    "order.paid": _("Order paid"),
    "order.shipped": _("Order shipped, or a part of it"),
    "order.delivered": _("Order delivered"),
    "order.completed": _("Order completed"),
    "order.canceled": _("Order cancelled"),
    "order.expired": _("Order never paid"),
    "order.refunded": _("Money given back"),
    "order.returned": _("Goods came back"),
    "stock.changed": _("Stock changed"),
    "product.created": _("Product made"),
    "product.changed": _("Product changed"),
    "product.deleted": _("Product deleted"),
    "customer.created": _("Customer made"),
    "customer.changed": _("Customer changed"),
    "customer.erased": _("Customer forgotten"),
}
PING = "ping"
# News of the first becomes an event of the second when it is about something new.
MAY_BE = {"product.changed": "product.created"}
# Everything of a kind, whatever comes to be told of it later.
KINDS = sorted({topic.partition(".")[0] for topic in TOPICS})

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
# How long after the first try, the second and so on: three days in all.
PAUSES = (
    *(MINUTE / 2, MINUTE * 2, MINUTE * 10, MINUTE * 30),
    *(HOUR, HOUR * 2, HOUR * 4, HOUR * 8),
    *(HOUR * 12, HOUR * 12, HOUR * 12, HOUR * 12, HOUR * 8),
)
MOST_TRIES = len(PAUSES) + 1
GIVEN_UP_AFTER = dt.timedelta(days=3)
# The circuit breaker: after so many failures in a row an endpoint is left alone, longer each time.
OPENS_AT = 5
SHORTEST_REST, LONGEST_REST = MINUTE, HOUR
# Seconds for one try, from the name's lookup to the answer.
TIMEOUT = 10.0
WORDS_KEPT = 500


def wildcard(topic: str) -> str:
    """ "order.*" of "order.paid"."""
    return f"{topic.partition('.')[0]}.*"


def pause_after(tries: int) -> dt.timedelta:
    """How long to wait after so many tries."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def rest_after(failures: int) -> dt.timedelta | None:
    """How long an endpoint is left alone after so many failures in a row; None: not yet."""
    if failures < OPENS_AT:
        return None
    longer: dt.timedelta = SHORTEST_REST * 2 ** min(10, failures - OPENS_AT)
    return min(LONGEST_REST, longer)
