"""Engagement: those who asked hear that a piece is back or costs less. Once, and fairly."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from inventory.queries import Availability, availability
from marketing.models import Alert
from marketing.services import alerts
from orders.services import wishlists
from shop.lib.locks import locked, try_singleton

Kind = Alert.Kind
# Told about one piece in one run; the next run tells the rest.
MOST = 200


def tell_waiting(*, now: dt.datetime) -> int:
    """Owe mails to everybody whose piece is back or has become cheaper. Returns how many.

    Safe to run twice at once: a piece is worked on by one process at a time.
    """
    told = 0
    for variant_id, stock in _asked_for(alerts.waiting(Kind.BACK_IN_STOCK)):
        told += _tell_it_is_back(variant_id, now) if stock.available else 0
    for variant_id, stock in _asked_for(alerts.cheaper()):
        told += _tell_it_costs_less(variant_id, now) if stock.sellable else 0
    return told


def _asked_for(waiting: "QuerySet[Alert]") -> Iterable[tuple[int, Availability]]:
    """The variants waited for, and what there is of them."""
    wanted = waiting.order_by("variant_id").values_list("variant_id", flat=True).distinct()
    return availability(wanted).items()


@transaction.atomic(durable=True)
def _tell_it_is_back(variant_id: int, now: dt.datetime) -> int:
    """Tell the longest waiting, no more of them than there are units nobody was told of."""
    if not try_singleton(f"alerts-{variant_id}"):
        return 0
    free = availability([variant_id], now=now)[variant_id].available
    room = free - alerts.still_promised(variant_id, now=now)
    return _tell(alerts.waiting(Kind.BACK_IN_STOCK), variant_id, room, now)


@transaction.atomic(durable=True)
def _tell_it_costs_less(variant_id: int, now: dt.datetime) -> int:
    if not try_singleton(f"alerts-{variant_id}"):
        return 0
    return _tell(alerts.cheaper(), variant_id, MOST, now)


def _tell(waiting: "QuerySet[Alert]", variant_id: int, room: int, now: dt.datetime) -> int:
    """Tell the first `room` of those who wait where the piece is for sale."""
    if room <= 0:
        return 0
    here = waiting.filter(variant=variant_id, market__in=alerts.sold_in(variant_id, now=now))
    first = list(here.values_list("pk", flat=True)[: min(room, MOST)])
    # Held and looked at again: somebody may be calling off at this moment.
    chosen = locked(Alert.objects.filter(pk__in=first, status=Alert.Status.ACTIVE))
    for alert in chosen:
        alerts.tell(alert, now=now)
    return len(chosen)


def forget(*, now: dt.datetime) -> int:
    """Let go of addresses that are not needed any more, and of lists that nobody can open."""
    with transaction.atomic(durable=True):
        return alerts.forget(now=now) + wishlists.forget_lost(now=now)
