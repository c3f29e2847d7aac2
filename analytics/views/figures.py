"""Figures in words: a value, how it changed, how it is counted, and where its orders are."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from analytics.forms import Question
from analytics.queries.orders import Only
from analytics.queries.totals import Totals
from shop.templatetags.shop_text import money, short_money

# From here on pence are noise.
LARGE = 1000
Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Kpi:
    """One tile. tone: "up" for better, "down" for worse, "flat" for neither."""

    label: str
    value_text: str
    change_text: str
    tone: str
    definition: str
    url: str


@dataclass(frozen=True, slots=True)
class Change:
    """Two values of the same figure. is_share: told in points; prefers_less: smaller is better."""

    now: Value
    before: Value
    is_share: bool = False
    prefers_less: bool = False

    @property
    def tone(self) -> str:
        if self.now is None or self.now == self.before or not self._can_compare:
            return "flat"
        return "up" if (self.now > (self.before or 0)) != self.prefers_less else "down"

    @property
    def _can_compare(self) -> bool:
        """A share of nothing is a share; an amount has no ratio to nought."""
        return self.before is not None and (self.is_share or self.before != 0)

    def words(self, before: str) -> str:
        """Direction, size, verdict, and what it was: "▲ 12%, better; before: £25,360"."""
        if self.now is None or self.before is None or not self._can_compare:
            return _("Nothing to compare with")
        if self.now == self.before:
            return _("The same as before")
        return _("%(arrow)s %(size)s, %(verdict)s; before: %(before)s") % {
            "arrow": "▲" if self.now > self.before else "▼",
            "size": self._size(Decimal(self.now), Decimal(self.before)),
            "verdict": _("better") if self.tone == "up" else _("worse"),
            "before": before,
        }

    def _size(self, now: Decimal, before: Decimal) -> str:
        if self.is_share:
            return _("%(points)s points") % {"points": decimals(abs(now - before) * 100, 1)}
        return percent(abs(now - before) / abs(before), 0)


def kpis(now: Totals, before: Totals, question: Question) -> list[Kpi]:
    amount = partial(large_money, currency=question.market.currency)
    return [
        _kpi(_("Net sales"), Change(now.net, before.net), amount, _how_net(now, question)),
        _kpi(_("Orders"), Change(now.orders, before.orders), count, _how_orders(question)),
        _kpi(
            _("Average order"), Change(now.average, before.average), amount, _how_average(question)
        ),
        _kpi(_("Units sold"), Change(now.units, before.units), count, _how_units(question)),
        _kpi(
            _("Refund rate"),
            Change(now.refund_rate, before.refund_rate, is_share=True, prefers_less=True),
            percent,
            _how_refunds(now, question),
        ),
        _kpi(
            _("Returning customers"),
            Change(now.returning_share, before.returning_share, is_share=True),
            percent,
            _how_returning(now, question),
        ),
    ]


How = tuple[str, str]


def _kpi(label: str, change: Change, show: Callable[[Value], str], how: How) -> Kpi:
    text, url = how
    return Kpi(
        label=label,
        value_text=show(change.now),
        change_text=change.words(show(change.before)),
        tone=change.tone,
        definition=text,
        url=url,
    )


def _how_net(now: Totals, question: Question) -> How:
    show = partial(money, currency=question.market.currency)
    text = _(
        "What was sold, less what was credited and less VAT: %(gross)s − %(refunds)s − %(tax)s"
        " = %(net)s. An order counts on the day it was confirmed, with its delivery and after"
        " discounts; what is credited to its buyer counts on the day that was granted, whenever"
        " it was sold. Gift cards are no sale until they are spent. The books say the same: sales"
        " and delivery less discounts and credits."
    ) % {
        "gross": show(now.gross),
        "refunds": show(now.refunds),
        "tax": show(now.tax),
        "net": show(now.net),
    }
    return text, link(question, only=Only.COUNTED)


def _how_orders(question: Question) -> How:
    return _("Orders confirmed in the period, whatever became of them later."), link(question)


def _how_average(question: Question) -> How:
    return _("What these orders sold before credits, net, divided by their number."), link(question)


def _how_units(question: Question) -> How:
    return _("Pieces on the lines of the orders of the period."), link(question)


def _how_refunds(now: Totals, question: Question) -> How:
    text = _("Orders of the period on which something was credited: %(part)s of %(whole)s.") % {
        "part": count(now.refunded_orders),
        "whole": count(now.orders),
    }
    return text, link(question, only=Only.REFUNDED)


def _how_returning(now: Totals, question: Question) -> How:
    text = _(
        "People (by email address) who bought in the period and had bought before it began:"
        " %(part)s of %(whole)s."
    ) % {"part": count(now.returning), "whole": count(now.people)}
    return text, link(question, only=Only.RETURNING)


def link(question: Question, **which: str) -> str:
    """The orders behind a figure."""
    more = f"&{urlencode(which)}" if which else ""
    return f"{reverse('analytics:orders')}?{question.query}{more}"


def large_money(amount: Value, currency: str) -> str:
    if amount is None:
        return "–"
    exact = Decimal(amount)
    if abs(exact) < LARGE:
        return money(exact, currency)
    return short_money(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP), currency)


def count(number: Value) -> str:
    return "–" if number is None else number_format(number, 0, use_l10n=True, force_grouping=True)


def percent(share: Value, places: int = 1) -> str:
    return "–" if share is None else f"{decimals(Decimal(share) * 100, places)}%"


def decimals(number: Decimal, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    return str(number_format(number.quantize(step, rounding=ROUND_HALF_UP), places))
