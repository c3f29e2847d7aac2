"""The lines of an order that are short, as its page asks about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.models import Shortage
from inventory.services.shortages import open_of
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.views.page import Instead
from orders.views.substitutes import instead
from shop.processes import shortages
from shop.processes.shortages import Options
from shop.templatetags.shop_text import monthday


@dataclass(frozen=True, slots=True)
class ShortLine:
    """What is missing, and the choices: wait: in words; back: what a cancellation gives back."""

    title: str
    what: str
    choice_url: str
    wait: str
    pieces: tuple[Instead, ...]
    back: Decimal | None


def short_lines(order: Order, goods: Sequence[OrderLine]) -> list[ShortLine]:
    """goods: its lines with their parts. One query when nothing is missing."""
    holders = [holder for line in goods for holder in holders_of(line)]
    if not open_of(holders).exists():
        return []
    return [_short(order, one) for one in shortages.options_of(order, now=timezone.now())]


def _short(order: Order, one: Options) -> ShortLine:
    line = one.line
    page = reverse("orders:shortage_choice", args=[order.number, line.pk])
    words = _("Send it from %(day)s") if one.promised_on else _("Wait until there is more")
    return ShortLine(
        title=", ".join(filter(None, (line.title, line.variant_label))),
        what=_("%(missing)s of %(all)s missing")
        % {"missing": one.missing, "all": line.quantity - line.canceled},
        choice_url=f"{page}?t={order.link_token}",
        wait=words % {"day": monthday(one.promised_on)} if one.promised_on else words,
        pieces=tuple(instead(piece) for piece in one.pieces),
        back=one.back,
    )


def thanks_for(outcome: str) -> str:
    """What is said after a choice; nothing for what is none."""
    words = {
        Shortage.Outcome.WAIT: _("Thank you for waiting. We send the rest as soon as it is here."),
        Shortage.Outcome.SUBSTITUTE: _("Thank you. We send the other piece instead."),
        Shortage.Outcome.CANCEL: _("It is cancelled, and the money for it goes back to you."),
    }
    return next((text for known, text in words.items() if known == outcome), "")
