"""The way of a return or a claim, done and to come."""

import datetime as dt

from django.utils.translation import gettext as _

from orders.models import Claim, Return
from orders.views.progress import Step, moment
from shop.templatetags.shop_text import dateline

Status = Return.Status
OVER = (Status.DECLINED, Status.CANCELED, Status.EXPIRED)
ORDER = (Status.REQUESTED, Status.APPROVED, Status.IN_TRANSIT, Status.RECEIVED, Status.CLOSED)


def steps(rma: Return) -> list[Step]:
    """What happened at what time; the last step done is the current one."""
    reached = {
        one.to_state: one.at for one in rma.events.filter(axis="status").order_by("at", "pk")
    }
    asked = Step(_first(rma), moment(rma.requested_at), is_done=True)
    if rma.status in OVER:
        last = Step(
            str(rma.get_status_display()),
            moment(reached.get(rma.status)),
            is_done=True,
            is_current=True,
        )
        return [asked, last]
    if rma.way == Return.Way.KEEP:
        is_closed = rma.status == Status.CLOSED
        done = Step(_("Settled"), moment(rma.closed_at), is_done=is_closed, is_current=True)
        return [asked, done]
    return [asked, *_way(rma, reached)]


def _first(rma: Return) -> str:
    return _("Withdrawn") if rma.kind == Return.Kind.WITHDRAWAL else _("Requested")


def _way(rma: Return, reached: dict[str, dt.datetime]) -> list[Step]:
    is_exchange = rma.wish == Return.Wish.EXCHANGE
    names = {
        Status.APPROVED: _("Agreed"),
        Status.IN_TRANSIT: _("On its way"),
        Status.RECEIVED: _("Arrived at our studio"),
        Status.CLOSED: _("Exchanged") if is_exchange else _("Refunded"),
    }
    # Looked at, it still counts as arrived.
    now = Status.RECEIVED if rma.status == Status.INSPECTED else Status(rma.status)
    found = []
    for status, name in names.items():
        is_done = ORDER.index(now) >= ORDER.index(status)
        detail = moment(reached.get(status))
        if status == Status.IN_TRANSIT and not is_done and rma.send_by:
            detail = _("Please send it by %(day)s.") % {"day": dateline(rma.send_by)}
        found.append(Step(name, detail, is_done=is_done, is_current=status == now))
    return found


def claim_steps(claim: Claim) -> list[Step]:
    opened = Step(_("Told us"), moment(claim.opened_at), is_done=True)
    is_over = claim.status not in (Claim.Status.OPEN, Claim.Status.INVESTIGATING)
    if not is_over:
        due = _("We answer by %(moment)s.") % {"moment": moment(claim.due_at)}
        here = Step(str(claim.get_status_display()), due, is_done=False, is_current=True)
        return [opened, here]
    state = str(claim.get_status_display())
    return [opened, Step(state, moment(claim.closed_at), is_done=True, is_current=True)]
