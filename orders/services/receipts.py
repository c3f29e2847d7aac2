"""What a basket or an order comes to, row by row, with tax or without as its market shows it.

Rows add up: goods less what came off, delivery, and tax where it is shown apart, are the total.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import TaxTerritory
from orders.models import Adjustment, Order, OrderLine, TaxLine
from orders.services.pricing import PricedItem, Quote, Taken, TaxShare
from orders.services.pricing.items import Delivery
from shop.lib.money import ZERO, round_money, split
from shop.templatetags.shop_text import money

# A tax as documents name it: name, rate, and the territory where it has one of its own.
Tax = tuple[str, Decimal, str]


@dataclass(frozen=True, slots=True)
class Off:
    """What one promotion took off, above zero."""

    label: str
    code: str
    amount: Decimal

    @property
    def text(self) -> str:
        if not self.code or self.code == self.label:
            return self.label
        return f"{self.label} ({self.code})"


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RowWords:
    text: str
    amount: str


@dataclass(frozen=True, slots=True)
class SumsWords:
    """Every row of a sum as texts, empty without one. delivery: None without any, empty when free."""

    with_tax: bool
    goods: str
    offs: tuple[RowWords, ...]
    delivery: str | None
    delivery_text: str
    taxes: tuple[RowWords, ...]
    relief: str
    total: str
    savings: str
    refunded: str
    paid: tuple[RowWords, ...]
    to_pay: str


@dataclass(frozen=True, slots=True)
class LineSums:
    """A line as it is shown. listed: before what came off."""

    unit: Decimal
    listed: Decimal
    amount: Decimal
    offs: tuple[Off, ...] = ()


@dataclass(frozen=True, slots=True)
class Sums:
    """Every row of a sum. goods: before what came off; delivery likewise, None without any.

    paid: what gift cards and credit pay; to_pay: what is left after that.
    """

    currency: str
    with_tax: bool
    goods: Decimal
    offs: tuple[Off, ...]
    delivery: Decimal | None
    delivery_text: str
    taxes: tuple[Row, ...]
    relief: str
    total: Decimal
    paid: tuple[Row, ...] = ()
    refunded: Decimal = ZERO

    @property
    def savings(self) -> Decimal:
        return sum((one.amount for one in self.offs), ZERO)

    @property
    def to_pay(self) -> Decimal:
        return self.total - sum((row.amount for row in self.paid), ZERO)

    def in_words(self, _currency: str = "") -> SumsWords:
        currency, delivery = self.currency, self.delivery
        return SumsWords(
            with_tax=self.with_tax,
            goods=money(self.goods, currency),
            offs=rows_in_words(self.offs, currency),
            delivery=delivery if delivery is None else some_money(delivery, currency),
            delivery_text=self.delivery_text,
            taxes=rows_in_words(self.taxes, currency),
            relief=self.relief,
            total=money(self.total, currency),
            savings=some_money(self.savings, currency),
            refunded=some_money(self.refunded, currency),
            paid=rows_in_words(self.paid, currency),
            to_pay=money(self.to_pay, currency),
        )


def rows_in_words(rows: Iterable[Row | Off], currency: str) -> tuple[RowWords, ...]:
    return tuple([RowWords(row.text, money(row.amount, currency)) for row in rows])


def some_money(amount: Decimal, currency: str) -> str:
    """Empty for nought."""
    return money(amount, currency) if amount else ""


def relief_words(relief: str) -> str:
    """Why no tax is charged, as the law wants it said; empty for an everyday sale."""
    words = {
        Order.Relief.REVERSE_CHARGE: _("Reverse charge: VAT to be accounted for by the recipient"),
        Order.Relief.EXEMPT: _("Exempt from VAT"),
        Order.Relief.EXPORT: _("Export: no VAT is charged here, import taxes may be due"),
    }
    return words[Order.Relief(relief)] if relief else ""


def territories(country: str, regions: Iterable[str]) -> dict[str, str]:
    """Names of territories by their codes. No query for a country at large."""
    codes = {code for code in regions if code}
    if not codes:
        return {}
    rows = TaxTerritory.objects.filter(country=country, region__in=codes)
    return dict(rows.values_list("region", "name"))


# A basket


def of_quote(quote: Quote, *, with_tax: bool, region: str = "", paid: Iterable[Row] = ()) -> Sums:
    """The rows of a basket. region: the name of the territory whose tax it is."""
    view = quote.view(with_tax=with_tax)
    goods = [(one, taken) for one in quote.items if not one.is_gift for taken in one.taken]
    rows = _shared([taken for _one, taken in goods], view.goods_discount, quote.currency)
    rows += _shared(quote.delivery_taken, view.delivery_discount, quote.currency)
    taxes: dict[Tax, Decimal] = defaultdict(Decimal)
    parts: list[PricedItem | TaxShare] = [*quote.items, *quote.delivery_shares]
    for one in parts:
        taxes[one.rate.name, one.rate.rate, region] += one.amount.tax
    return Sums(
        currency=quote.currency,
        with_tax=with_tax,
        goods=view.listed,
        offs=_merged(rows),
        delivery=view.delivery_listed if quote.delivery else None,
        delivery_text=delivery_words(quote.delivery),
        taxes=_tax_rows(taxes, with_tax=with_tax),
        relief=relief_words(quote.rules.relief),
        total=view.total,
        paid=tuple(paid),
    )


def lines_of_quote(quote: Quote, *, with_tax: bool) -> dict[int, LineSums]:
    """How each line is shown, by the key of its item."""
    found = {}
    for one in quote.items:
        view = one.view(with_tax=with_tax)
        offs = _merged(_shared(one.taken, view.discount, quote.currency))
        found[one.item.key] = LineSums(view.unit, view.listed, view.amount, offs)
    return found


def delivery_words(delivery: Delivery | None) -> str:
    return delivery.name if delivery else ""


def _shared(taken: Sequence[Taken], amount: Decimal, currency: str) -> list[Off]:
    """What was taken on the side prices are entered, told on the side they are shown."""
    parts = split(amount, [one.amount for one in taken], currency) if taken else []
    return [Off(one.label, one.code, part) for one, part in zip(taken, parts, strict=True) if part]


# An order


def sums_of(
    order: Order,
    lines: Sequence[OrderLine],
    adjustments: Sequence[Adjustment],
    *,
    paid: Iterable[Row] = (),
) -> Sums:
    """The rows of an order, from what was kept. One query for its taxes, one for territories."""
    with_tax = order.market.shows_tax
    by_line = lines_of_order(order, lines, adjustments)
    goods = [by_line[line.pk] for line in lines if not line.is_gift]
    delivery = order.shipping_gross if with_tax else order.shipping_net
    offs = _delivery_offs(order, adjustments, delivery)
    return Sums(
        currency=order.currency,
        with_tax=with_tax,
        goods=sum((one.listed for one in goods), ZERO),
        offs=_merged([*(off for one in goods for off in one.offs), *offs]),
        delivery=sum((off.amount for off in offs), delivery) if order.shipping_name else None,
        delivery_text=order.shipping_name,
        taxes=_taxes_of(order, with_tax=with_tax),
        relief=relief_words(order.tax_relief),
        total=order.total,
        paid=tuple(paid),
        refunded=order.refunded,
    )


def _taxes_of(order: Order, *, with_tax: bool) -> tuple[Row, ...]:
    rows: Sequence[TaxLine] = list(order.tax_lines.all())
    names = territories(order.country, (row.region for row in rows))
    amounts: dict[Tax, Decimal] = defaultdict(Decimal)
    for row in rows:
        amounts[row.name, row.rate, names.get(row.region, row.region)] += row.amount
    return _tax_rows(amounts, with_tax=with_tax)


def lines_of_order(
    order: Order, lines: Iterable[OrderLine], adjustments: Iterable[Adjustment]
) -> dict[int, LineSums]:
    """How each line is shown, by its id."""
    taken: dict[int, list[Adjustment]] = defaultdict(list)
    for one in adjustments:
        if one.line_id is not None:
            taken[one.line_id].append(one)
    with_tax = order.market.shows_tax
    return {line.pk: _line(line, taken[line.pk], order.currency, with_tax) for line in lines}


def _line(line: OrderLine, taken: list[Adjustment], currency: str, with_tax: bool) -> LineSums:  # noqa: FBT001
    amount = line.gross if with_tax else line.net
    entered = line.unit_price * line.quantity - line.discount
    discount = line.discount
    if entered and entered != amount:
        discount = round_money(discount * amount / entered, currency)
    listed = amount + discount
    unit = line.unit_price if entered == amount else round_money(listed / line.quantity, currency)
    return LineSums(unit, listed, amount, _merged(_told(taken, discount, currency)))


def _told(taken: Sequence[Adjustment], amount: Decimal, currency: str) -> list[Off]:
    parts = split(amount, [-one.amount for one in taken], currency) if taken else []
    return [Off(one.label, one.code, part) for one, part in zip(taken, parts, strict=True) if part]


def _delivery_offs(order: Order, adjustments: Iterable[Adjustment], shown: Decimal) -> list[Off]:
    taken = [one for one in adjustments if one.line_id is None]
    amount = -sum((one.amount for one in taken), ZERO)
    charged = order.shipping_gross if order.market.prices_include_tax else order.shipping_net
    if charged and charged != shown:
        amount = round_money(amount * shown / charged, order.currency)
    return _told(taken, amount, order.currency)


# Both


def _merged(offs: Iterable[Off]) -> tuple[Off, ...]:
    """One row for each promotion, in the order they came."""
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for off in offs:
        amounts[off.label, off.code] += off.amount
    return tuple(Off(label, code, amount) for (label, code), amount in amounts.items())


def _tax_rows(taxes: Mapping[Tax, Decimal], *, with_tax: bool) -> tuple[Row, ...]:
    """ "Including VAT 20%", or "VAT 20%" where it comes on top; the highest rate first."""
    rows = []
    for (name, rate, region), amount in sorted(taxes.items(), key=lambda tax: -tax[0][1]):
        if not amount:
            continue
        text = f"{name} {rate.normalize():f}%" + (f", {region}" if region else "")
        rows.append(Row(_("Including %(tax)s") % {"tax": text} if with_tax else text, amount))
    return tuple(rows)
