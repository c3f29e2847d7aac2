"""Letters about claims."""

from django.utils import translation
from django.utils.translation import gettext as _

from orders.emails import letter
from orders.emails.cases import Told, page_of
from orders.models import Claim
from shop.outbox.mail import Letter
from shop.templatetags.shop_text import moment

Status, Outcome = Claim.Status, Claim.Outcome


def claim_letter(claim: Claim, kind: str, *, tell: str) -> Letter:
    """The letter emails/orders/<kind> about a claim. tell: the state it is about; once for each."""
    with translation.override(claim.order.language):
        told = Told(
            number=claim.number,
            sentences=tuple(_opened(claim) if kind == "claim_opened" else _decided(claim, tell)),
            url=page_of(claim.order, "orders:claim", claim.number),
            items=tuple(_items(claim)),
        )
    return letter(claim.order, kind, key=f"{claim.number}-{kind}-{tell}", extra={"case": told})


def _items(claim: Claim) -> list[str]:
    rows = claim.lines.select_related("order_line").order_by("pk")
    return [f"{one.quantity} × {one.order_line.title}" for one in rows]


def _opened(claim: Claim) -> list[str]:
    return [
        _("We are sorry that something is wrong: %(what)s.") % {"what": claim.get_kind_display()},
        _("We look at it and answer by %(when)s.") % {"when": moment(claim.due_at)},
        _("Please keep the parcel and its wrapping until then. Nothing has to be sent."),
    ]


def _decided(claim: Claim, tell: str) -> list[str]:
    if tell == Status.DECLINED:
        return [
            _("We can't accept your claim."),
            claim.decline_reason,
            _("If you see it differently, just answer this mail."),
        ]
    if (claim.outcome or claim.wish) == Outcome.REPLACE:
        return [_("You are right, and we send it again. We write when it leaves.")]
    return [_("You are right, and you get the money back. A mail of its own says how much.")]
