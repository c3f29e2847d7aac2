"""What a buyer is told of a return, a withdrawal or a claim: the same on its page and in its mails."""

import datetime as dt

from babel.dates import format_datetime
from django.conf import settings
from django.utils.translation import gettext as _

from orders.models import Exchange, Return, ReturnLine
from shop.lib.workdays import shop_zone
from shop.templatetags.shop_text import current_locale, dateline, money

Way = Return.Way


def second(at: dt.datetime) -> str:
    """ "22 November 2026, 14:03:07 GMT": a moment somebody may have to prove."""
    pattern = "d MMMM yyyy, HH:mm:ss z"
    return str(format_datetime(at, pattern, tzinfo=shop_zone(), locale=current_locale()))


def statement(*, name: str, number: str, email: str, pieces: str, words: str = "") -> str:
    """A declaration of withdrawal, as its receipt repeats it. pieces: empty for all of the order."""
    whole = _("I, %(name)s, hereby withdraw from the contract of order %(number)s.")
    text = whole % {"name": name, "number": number}
    if pieces:
        part = _(
            "I, %(name)s, hereby withdraw from the contract of order %(number)s as far as it is about: %(pieces)s."
        )
        text = part % {"name": name, "number": number, "pieces": pieces}
    address = _("The receipt goes to %(email)s.") % {"email": email}
    return "\n".join(filter(None, (text, words, address)))


def where_to(rma: Return) -> list[str]:
    """The lines of the address a parcel goes to: of the return's own place, or the shop's."""
    place = rma.location
    if place is None or not place.line1:
        return [settings.SHOP["company"], *settings.SHOP["address"]]
    town = f"{place.city} {place.postcode}".strip()
    return [settings.SHOP["company"], place.name, place.line1, town]


def instructions(rma: Return) -> list[str]:
    """How it comes back, one sentence a step; nothing where nothing is to be sent."""
    if rma.way == Way.KEEP:
        return [_("You need not send anything back: please keep it, or give it away.")]
    how = {
        Way.LABEL: _(
            "Put our label on the parcel. You print it from the page of your return, or show it there at the counter."
        ),
        Way.OWN: _("Send it to %(address)s. Keep the receipt until the money is back."),
        Way.COUNTER: _("Bring it to %(address)s."),
    }
    steps = [how[Way(rma.way)] % {"address": ", ".join(where_to(rma))}]
    steps.append(_("Put a note with %(number)s into the parcel.") % {"number": rma.number})
    if rma.send_by:
        steps.append(_("Please send it by %(day)s.") % {"day": dateline(rma.send_by)})
    return steps


def item(line: ReturnLine) -> str:
    """ "2 × Foot-ring mug, Ash: Too small"."""
    bought = line.order_line
    label = f", {bought.variant_label}" if bought.variant_label else ""
    reason = f": {line.reason.label}" if line.reason else ""
    return f"{line.quantity} × {bought.title}{label}{reason}"


def refund_way(rma: Return) -> str:
    """Where the money goes, in the middle of a sentence."""
    words = {
        Return.Wish.REFUND: _("the way it was paid"),
        Return.Wish.STORE_CREDIT: _("as store credit"),
        Return.Wish.GIFT_CARD: _("as a gift card"),
        Return.Wish.EXCHANGE: _("the way it was paid"),
    }
    return words[Return.Wish(rma.wish)]


def figures(rma: Return) -> list[tuple[str, str]]:
    """What it brings, as shown when it was asked for: (words, amount)."""
    currency = rma.order.currency
    exchange = Exchange.objects.filter(rma=rma).first()
    if exchange is not None:
        label = _("You pay on top") if exchange.difference > 0 else _("You get back")
        return [(label, money(abs(exchange.difference), currency))]
    rows = [(_("Fee"), money(rma.fee, currency))] if rma.fee else []
    return [*rows, (_("You get back"), money(rma.expected, currency))]
