"""Words that staff and rules pin to orders, to find them by."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from orders.models import Order
from orders.services import orders
from orders.services.orders import Move
from shop.lib.errors import Refused

LONGEST = 40
MOST = 20


class BadTag(Refused):
    """Raised for a tag that is too long, or one too many."""


def read(text: str) -> list[str]:
    """The tags in a line of text, with commas between. Raises BadTag."""
    found = dict.fromkeys(" ".join(word.split()).lower() for word in text.split(","))
    tags = [tag for tag in found if tag]
    if any(len(tag) > LONGEST for tag in tags):
        raise BadTag(_("A tag has at most %(count)s letters.") % {"count": LONGEST})
    return tags


@transaction.atomic
def change(
    *,
    order_id: int,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    actor: User | None,
    now: dt.datetime,
) -> Order:
    """Pin tags to an order and take others off. Raises BadTag."""
    order, move = orders.lock(order_id=order_id), Move(now, actor)
    untag(order=order, tags=remove, move=move)
    tag(order=order, tags=add, move=move)
    return order


@transaction.atomic
def replace(*, order_id: int, tags: Iterable[str], actor: User | None, now: dt.datetime) -> Order:
    """Pin just these tags to an order. Raises BadTag."""
    order, move, wanted = orders.lock(order_id=order_id), Move(now, actor), list(tags)
    untag(order=order, tags=[one for one in order.tags if one not in wanted], move=move)
    tag(order=order, tags=wanted, move=move)
    return order


def tag(*, order: Order, tags: Iterable[str], move: Move) -> list[str]:
    """Pin tags to an order; returns those it did not have. It must be locked. Raises BadTag."""
    fresh = [one for one in tags if one not in order.tags]
    if len(order.tags) + len(fresh) > MOST:
        raise BadTag(_("An order has at most %(count)s tags.") % {"count": MOST})
    if fresh:
        _keep(order, [*order.tags, *fresh], "added", fresh, move)
    return fresh


def untag(*, order: Order, tags: Iterable[str], move: Move) -> list[str]:
    """Take tags off an order; returns those it had. It must be locked."""
    gone = [one for one in tags if one in order.tags]
    if gone:
        _keep(order, [one for one in order.tags if one not in gone], "removed", gone, move)
    return gone


def _keep(order: Order, tags: list[str], what: str, which: list[str], move: Move) -> None:
    order.tags = sorted(tags)
    order.save(update_fields=["tags"])
    told = Move(move.now, move.actor, ", ".join(which))
    orders.event(order, axis="tag", to_state=what, move=told)
