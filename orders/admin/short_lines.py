"""The lines of an order as staff see them: what is ready, what comes, what is missing, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from inventory.services import shortages
from orders.admin.short_steps import DECISIONS, address
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services.promises import Promise, promises_of


@dataclass(frozen=True, slots=True)
class Flag:
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    link: str
    is_destructive: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what holds it up. links: what can be decided, for whoever may."""

    line: OrderLine
    flags: Sequence[Flag]
    links: Sequence[Link]


def rows_of(request: HttpRequest, order: Order) -> list[Row]:
    """The goods of an order. A fixed number of queries."""
    lines = list(order.lines.all())
    is_open = order.status in (Order.Status.PENDING, Order.Status.CONFIRMED)
    promises = promises_of(lines) if is_open else {}
    missing = {
        one.holder: one.pk
        for one in shortages.open_of(holder for line in lines for holder in holders_of(line))
    }
    return [
        Row(
            line,
            flags_of(line, promises.get(line.pk)),
            _links(request, [missing[pk] for pk in holders_of(line) if pk in missing]),
        )
        for line in lines
    ]


def flags_of(line: OrderLine, promise: Promise | None) -> list[Flag]:
    found = []
    if line.canceled:
        found.append(Flag(_("%(count)s cancelled") % {"count": line.canceled}, "default"))
    if promise is None or not line.unfulfilled:
        return found
    if promise.short:
        found.append(Flag(_("%(count)s missing") % {"count": promise.short}, "danger"))
    if promise.waiting:
        found.append(Flag(_coming(promise), "warning"))
    if found and promise.ready:
        found.append(Flag(_("%(count)s ready") % {"count": promise.ready}, "success"))
    return found


def _coming(promise: Promise) -> str:
    words = _("%(count)s to come") % {"count": promise.waiting}
    if promise.promised_on is None:
        return words
    return f"{words}, {date_format(promise.promised_on, 'j M')}"


def _links(request: HttpRequest, ids: Sequence[int]) -> list[Link]:
    if not ids:
        return []
    return [
        Link(str(step.verb), address(step, ids[:1]), step.is_destructive)
        for step in DECISIONS.values()
        if all(request.user.has_perm(right) for right in step.rights)
    ]
