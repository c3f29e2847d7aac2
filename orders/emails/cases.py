"""Letters about returns, exchanges, withdrawals and claims."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.urls import reverse, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _

from orders.emails import letter
from orders.models import Order, Return
from orders.services import case_words
from orders.services.case_words import instructions, second
from shop.outbox.mail import Letter
from shop.templatetags.shop_text import dateline, money


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter about a case says. statement: a declaration repeated word for word."""

    number: str
    sentences: tuple[str, ...]
    url: str
    items: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    statement: str = ""
    stamp: str = ""
    figures: tuple[tuple[str, str], ...] = field(default=())


def page_of(order: Order, name: str, number: str) -> str:
    """The page of a case with the order's key, for a mail."""
    set_script_prefix(order.market.prefix)
    try:
        path = reverse(name, args=[order.number, number])
    finally:
        set_script_prefix("/")
    return f"{settings.SITE_URL}{path}?t={order.link_token}"


def return_letter(rma: Return, kind: str) -> Letter:
    """The letter emails/orders/<kind> about a return; once per kind."""
    order = rma.order
    with translation.override(order.language):
        told = Told(
            number=rma.number,
            sentences=tuple(WORDS[kind](rma)),
            url=page_of(order, "orders:return", rma.number),
            items=tuple(_items(rma, kind)),
            steps=tuple(instructions(rma)) if kind in WITH_STEPS else (),
            statement=rma.words if kind == "withdrawal_receipt" else "",
            stamp=second(rma.requested_at) if kind == "withdrawal_receipt" else "",
            figures=tuple(case_words.figures(rma)) if kind in WITH_FIGURES else (),
        )
    return letter(order, kind, key=f"{rma.number}-{kind}", extra={"case": told})


WITH_STEPS = ("return_approved", "withdrawal_receipt")
WITH_FIGURES = ("return_requested", "return_approved")


def _items(rma: Return, kind: str) -> list[str]:
    if kind == "exchange_sent":
        rows = rma.exchange.lines.select_related("variant__product").order_by("pk")
        return [
            _new_piece(one.quantity, one.variant.product.title, one.variant.label) for one in rows
        ]
    back = rma.lines.select_related("order_line", "reason").order_by("pk")
    return [case_words.item(one) for one in back]


def _new_piece(quantity: int, title: str, label: str) -> str:
    return f"{quantity} × {title}" + (f", {label}" if label else "")


# What each letter says


def _requested(rma: Return) -> list[str]:
    return [
        _("We have your request for order %(number)s.") % {"number": rma.order.number},
        _("A person looks at it and answers within two working days. Please send nothing before."),
    ]


def _approved(rma: Return) -> list[str]:
    if rma.way == Return.Way.KEEP:
        return [_("Your return is agreed, and the money is on its way %(way)s.") % _way(rma)]
    if rma.wish == Return.Wish.EXCHANGE:
        return [_("Your exchange is agreed. This is how the first piece comes back:")]
    return [
        _("Your return is agreed. This is how it comes back:"),
        _("Once it is here and looked at, the money goes back %(way)s.") % _way(rma),
    ]


def _declined(rma: Return) -> list[str]:
    return [
        _("We are sorry: we can't take this back."),
        rma.decline_reason,
        _("If you see it differently, just answer this mail."),
    ]


def _received(rma: Return) -> list[str]:
    if rma.wish == Return.Wish.EXCHANGE:
        return [_("Your parcel is here. We look at it, then the new piece leaves.")]
    return [
        _(
            "Your parcel is here. We look at it within three working days; then the money goes back %(way)s."
        )
        % _way(rma)
    ]


def _settled(rma: Return) -> list[str]:
    granted = sum((one.total for one in rma.grants.all()), Decimal(0))
    found = []
    if rma.wish == Return.Wish.EXCHANGE:
        found.append(_("The first piece is accounted for, and the new one belongs to your order."))
    if granted:
        amount = money(granted, rma.order.currency)
        found.append(_("%(amount)s goes back to you.") % {"amount": amount})
    elif rma.wish != Return.Wish.EXCHANGE:
        found.append(_("Nothing is given back for it."))
    notes = rma.lines.filter(checks__is_refused=True).exclude(checks__note="")
    found += [str(note) for note in notes.values_list("checks__note", flat=True).distinct()]
    return [*found, _("With that, the return is closed.")]


def _canceled(_rma: Return) -> list[str]:
    return [
        _("The return was called off, and nothing more has to be done."),
        _("While the time for it runs, you can ask again from the page of your order."),
    ]


def _expired(rma: Return) -> list[str]:
    day = dateline(rma.send_by) if rma.send_by else ""
    return [
        _("The parcel was to leave by %(day)s, and we have not heard of it.") % {"day": day},
        _("If it is on its way, just answer this mail with its tracking number."),
    ]


def _exchange_sent(_rma: Return) -> list[str]:
    return [_("Your new piece is on its way.")]


def _withdrawal(rma: Return) -> list[str]:
    found = [
        _("This confirms that your withdrawal has reached us, word for word and to the second.")
    ]
    if rma.way != Return.Way.KEEP and rma.status in Return.OPEN:
        found.append(_("Please send the goods within 14 days:"))
    found.append(
        _(
            "What you paid for them, with the delivery as far as the law says, goes back within 14 days; we may wait until the goods, or a proof that you sent them, are here."
        )
    )
    return found


def _way(rma: Return) -> dict[str, str]:
    return {"way": case_words.refund_way(rma)}


WORDS: dict[str, Callable[[Return], list[str]]] = {
    "return_requested": _requested,
    "return_approved": _approved,
    "return_declined": _declined,
    "return_received": _received,
    "return_settled": _settled,
    "return_canceled": _canceled,
    "return_expired": _expired,
    "exchange_sent": _exchange_sent,
    "withdrawal_receipt": _withdrawal,
}
