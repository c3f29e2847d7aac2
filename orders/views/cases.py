"""Returns and claims of an order, as its page lists them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Claim, Order, Return
from orders.views.progress import moment


@dataclass(frozen=True, slots=True)
class Case:
    """A return, an exchange, a withdrawal or a claim: its number, how far it is, its page."""

    title: str
    state: str
    when: str
    url: str


def cases_of(order: Order) -> list[Case]:
    """The last one first. Two queries."""
    returns = list(order.returns.select_related("exchange").order_by("-requested_at", "-pk"))
    claims = list(order.claims.order_by("-opened_at", "-pk"))
    return [*(_return(order, one) for one in returns), *(_claim(order, one) for one in claims)]


def return_title(rma: Return) -> str:
    """ "Return RMA-10001"."""
    words = _("Return %(number)s")
    if rma.kind == Return.Kind.WITHDRAWAL:
        words = _("Withdrawal %(number)s")
    elif rma.wish == Return.Wish.EXCHANGE:
        words = _("Exchange %(number)s")
    return words % {"number": rma.number}


def _return(order: Order, rma: Return) -> Case:
    url = page_of(order, "orders:return", rma.number)
    return Case(return_title(rma), str(rma.get_status_display()), moment(rma.requested_at), url)


def _claim(order: Order, claim: Claim) -> Case:
    title = _("Claim %(number)s") % {"number": claim.number}
    url = page_of(order, "orders:claim", claim.number)
    return Case(title, str(claim.get_status_display()), moment(claim.opened_at), url)


def page_of(order: Order, name: str, *rest: object) -> str:
    """An address below an order, with the order's key."""
    return f"{reverse(name, args=[order.number, *rest])}?t={order.link_token}"
