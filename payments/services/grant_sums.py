"""The sums of a granted refund, to the cent and without a database.

The units of a line share what is left of it by the difference of rounded running sums: however
many steps it takes, the parts add up to the line, and their tax to its tax. An amount without
units lowers the price of the units that stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.models import OrderLine, TaxLine
from payments.models import GrantedLine
from shop.lib.errors import Refused
from shop.lib.money import ZERO, round_money, split
from shop.lib.tax import Taxed


class TooMuchAsked(Refused):
    """Raised when more units or more money were asked for than are left."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to give back: units by line id, delivery and goodwill as gross amounts.

    off: what the price of lines is lowered by, gross, by line id.
    goodwill: spread over what is left after the rest. whole: all that is left, delivery too.
    """

    units: Mapping[int, int] = field(default_factory=dict)
    delivery: Decimal = ZERO
    goodwill: Decimal = ZERO
    whole: bool = False
    off: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What of a grant is for one tax line. quantity: units taken back."""

    tax_line: TaxLine
    quantity: int
    amount: Taxed

    @property
    def line(self) -> OrderLine | None:
        return self.tax_line.line


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of one tax line: units and money.

    since, of_units: what was left, in money and units, when the price was lowered last.
    """

    tax_line: TaxLine
    currency: str
    units: int
    left: Taxed
    since: Decimal
    of_units: int
    # Of gift cards: they are money, worth what they say.
    is_card: bool = False

    @property
    def gross(self) -> Decimal:
        return self.left.gross

    def price_of(self, count: int) -> Decimal:
        """What so many more units come to, gross."""
        done = self.of_units - self.units + count
        running = round_money(self.since * done / self.of_units, self.currency)
        return running - (self.since - self.gross)

    def after(self, gross: Decimal, count: int = 0, *, lowers: bool = False) -> "Rest":
        """What is left when this much more is taken."""
        rest = replace(self, units=self.units - count, left=_less(self.left, self.part(gross)))
        return replace(rest, since=rest.gross, of_units=rest.units) if lowers else rest

    def part(self, gross: Decimal) -> Taxed:
        """So much of it with its share of the tax."""
        whole, tax = self.tax_line.base + self.tax_line.amount, self.tax_line.amount
        still = round_money(tax * (self.gross - gross) / whole, self.currency) if whole else ZERO
        taken = min(self.left.tax - still, gross)
        return Taxed(gross - taken, taken, gross)


def _less(one: Taxed, other: Taxed) -> Taxed:
    return Taxed(one.net - other.net, one.tax - other.tax, one.gross - other.gross)


def fresh(tax_line: TaxLine, currency: str, *, is_card: bool = False) -> Rest:
    """A tax line of which nothing was given back yet."""
    units = tax_line.line.quantity if tax_line.line else 0
    whole = Taxed(tax_line.base, tax_line.amount, tax_line.base + tax_line.amount)
    return Rest(tax_line, currency, units, whole, whole.gross, units, is_card)


def replayed(rest: Rest, row: GrantedLine) -> Rest:
    """What an earlier grant left: first its units, then what it lowered the price by."""
    priced = rest.price_of(row.quantity) if row.quantity else ZERO
    lowers = row.gross != priced
    taken = Taxed(row.net, row.tax, row.gross)
    after = replace(rest, units=rest.units - row.quantity, left=_less(rest.left, taken))
    return replace(after, since=after.gross, of_units=after.units) if lowers else after


def everything(before: list[Rest]) -> Asked:
    delivery = sum((rest.gross for rest in before if rest.tax_line.line is None), ZERO)
    units = {rest.tax_line.line.pk: rest.units for rest in before if rest.tax_line.line}
    return Asked(units, delivery)


def shares_of(before: list[Rest], asked: Asked) -> list[Share]:
    _check_lines(before, asked)
    now = [_with_units(rest, asked) for rest in before]
    now = _lowered(now, asked.delivery, [rest.tax_line.line is None for rest in now])
    for line_id, amount in asked.off.items():
        now = _lowered(now, amount, [rest.tax_line.line_id == line_id for rest in now])
    now = _lowered(now, asked.goodwill, [not rest.is_card for rest in now])
    shares = [
        Share(was.tax_line, was.units - rest.units, _less(was.left, rest.left))
        for was, rest in zip(before, now, strict=True)
    ]
    return [one for one in shares if one.quantity or one.amount.gross]


def _check_lines(before: list[Rest], asked: Asked) -> None:
    left = {rest.tax_line.line.pk: rest.units for rest in before if rest.tax_line.line}
    for line_id, units in asked.units.items():
        if not 0 <= units <= left.get(line_id, 0):
            raise TooMuchAsked(_("More units than are left of a line."))


def _with_units(rest: Rest, asked: Asked) -> Rest:
    line = rest.tax_line.line
    units = asked.units.get(line.pk, 0) if line else 0
    return rest.after(rest.price_of(units), units) if units else rest


def _lowered(rows: list[Rest], amount: Decimal, chosen: list[bool]) -> list[Rest]:
    """Spread an amount over what is left of the chosen rows."""
    if not amount:
        return rows
    weights = [rest.gross if wanted else ZERO for rest, wanted in zip(rows, chosen, strict=True)]
    if not 0 < amount <= sum(weights):
        raise TooMuchAsked(_("More than is left to give back."))
    currency = rows[0].currency
    if amount != round_money(amount, currency):
        raise TooMuchAsked(_("Finer than the smallest coin of %s.") % currency)
    parts = split(amount, weights, currency)
    return [
        rest.after(part, lowers=True) if part else rest
        for rest, part in zip(rows, parts, strict=True)
    ]
