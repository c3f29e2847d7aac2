"""The sums of a basket as its pages show them, with everything that explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Market
from orders.models import CartCode
from orders.services import receipts
from orders.services.pricing import Code, Outcome, Quote
from orders.services.receipts import Row, Sums
from orders.views.page import Line, gift_lines
from shop.lib.money import ZERO, Money
from shop.processes.quoting import Entered, Priced, ValueShare
from shop.templatetags.shop_text import money

NEARLY = (Code.TOO_LITTLE, Code.TOO_FEW)
MOST_HINTS = 2
MOST_PIECES = 2


@dataclass(frozen=True, slots=True)
class CodeSaid:
    """What came of a code that was typed or removed. entered: its id, when it is in the basket.

    value: what the field keeps; error: why it is refused; words: what else there is to say.
    """

    value: str = ""
    error: str = ""
    words: str = ""
    entered: str = ""

    @property
    def is_news(self) -> bool:
        return bool(self.error or self.words or self.entered)


NOTHING_SAID = CodeSaid()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code in the basket, and in words what it does or why it does nothing.

    sentence: both at once; spoken: the same for who hears it.
    """

    id: str
    shown: str
    text: str
    works: bool
    remove_url: str
    sentence: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Hint:
    """A promotion that nearly applies, and what is missing."""

    label: str
    words: str


def sums_of(priced: Priced, market: Market) -> Sums:
    rules = priced.quote.rules
    region = receipts.territories(rules.country, [rules.region]).get(rules.region, rules.region)
    return receipts.of_quote(
        priced.quote,
        with_tax=market.shows_tax,
        region=region,
        paid=[Row(share_text(share), share.amount) for share in priced.shares],
    )


def share_text(share: ValueShare) -> str:
    """ "Gift card …7Q2F"; credit has no number."""
    if share.shown.strip("…"):
        return _("Gift card %(card)s") % {"card": share.shown}
    return _("Store credit")


def figures(
    lines: list[Line],
    priced: Priced | None,
    market: Market,
    *,
    problems: Sequence[str] = (),
    said: CodeSaid = NOTHING_SAID,
) -> dict[str, Any]:
    """The basket's sums, with delivery and tax told before the checkout."""
    basics = {"currency": market.currency, "problems": list(problems), "said": said}
    if priced is None or not lines:
        return {**basics, "lines": [], "gifts": [], "codes": (), "told": None}
    sums, units = sums_of(priced, market), sum(line.quantity for line in lines)
    codes = tuple(code_row(one, market.currency) for one in priced.entered)
    missing, percent = _free_delivery(priced.quote)
    return {
        **basics,
        "lines": lines,
        "gifts": gift_lines(priced.gifts),
        "in_all": in_all(units, money(sums.total, market.currency)),
        "goods_in_all": in_all(units, money(sums.goods, market.currency)),
        "sums": sums,
        "codes": codes,
        "told": next((row for row in codes if row.id == said.entered), None),
        "hints": tuple(hints(priced.quote.outcomes, priced.quote.goods)),
        "free_delivery_missing": missing,
        "free_delivery_percent": str(percent or ""),
        "can_checkout": not any(line.problem for line in lines),
    }


def in_all(count: int, total: str) -> str:
    """ "3 items, £36.00"."""
    words = ngettext("%(count)s item, %(total)s", "%(count)s items, %(total)s", count)
    return words % {"count": count, "total": total}


def code_row(entered: Entered, currency: str) -> CodeRow:
    amount, shown = money(entered.amount, currency), entered.shown
    if entered.kind == CartCode.Kind.GIFT_CARD:
        shown = _("Gift card %(card)s") % {"card": shown}
    if not entered.works:
        text = entered.words
    elif entered.kind == CartCode.Kind.GIFT_CARD:
        text = _("%(amount)s of it pays for this order") % {"amount": amount}
    elif entered.amount:
        text = _("%(amount)s off") % {"amount": amount}
    else:
        text = entered.words
    return CodeRow(
        id=str(entered.id),
        shown=shown,
        text=text,
        works=entered.works,
        remove_url=reverse("orders:cart_code_remove", args=[entered.id]),
        sentence=(sentence := f"{shown}: {text}"),
        spoken=f"{sentence.rstrip('.')}.",
    )


def hints(outcomes: Sequence[Outcome], goods: Decimal) -> list[Hint]:
    """Promotions without a code that a little more would bring, the nearest first."""
    found = [
        (near, one)
        for one in outcomes
        if not (one.deal.code or one.deal.refusal) and (near := _nearness(one, goods)) is not None
    ]
    found.sort(key=lambda pair: (pair[0], pair[1].deal.key))
    return [Hint(one.deal.label, one.reason.words) for _near, one in found[:MOST_HINTS]]


def _nearness(outcome: Outcome, goods: Decimal) -> Decimal | None:
    """How far away it is, as a part of what is in the basket; None when it is not near."""
    missing = outcome.reason.params.get("missing")
    if outcome.reason.code not in NEARLY or not goods:
        return None
    if isinstance(missing, Money):
        return missing.amount / goods if missing.amount <= goods else None
    if isinstance(missing, int) and missing <= MOST_PIECES:
        return Decimal(missing) / 10
    return None


def _free_delivery(quote: Quote) -> tuple[Decimal | None, int]:
    """What is missing for free delivery, and how much of the way is done in per cent."""
    if quote.delivery is None or quote.delivery.free_from is None:
        return None, 0
    if not quote.delivery_amount.gross:
        return None, 100
    missing = max(ZERO, quote.delivery.free_from - quote.goods)
    return (missing or None), int(min(Decimal(100), quote.goods * 100 / quote.delivery.free_from))
