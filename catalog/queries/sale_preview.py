"""What a sale does or would do, price by price, and which others it meets."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Price, Sale, Variant
from catalog.queries.markets import main_market
from catalog.queries.price_history import Key, announced, prior_prices
from catalog.queries.rates import rates_at
from catalog.queries.sale_rows import Row, reached, rows
from catalog.queries.sales import HUNDRED, Kind, Rule, offered, rules_of
from catalog.queries.shown import Sides, home_sides
from shop.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """One price. was: what is struck out; margin: per cent of the net price, with a known cost.

    becomes: None where the sale would make nothing cheaper.
    """

    sku: str
    title: str
    product: int
    market: str
    currency: str
    regular: Decimal
    becomes: Decimal | None
    was: Decimal | None
    margin: Decimal | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Another sale at the same time about some of the same prices."""

    sale: Sale
    count: int

    def words(self, own: Sale) -> str:
        told = ngettext(
            "%(count)s price is also in “%(name)s”",
            "%(count)s prices are also in “%(name)s”",
            self.count,
        ) % {"count": self.count, "name": self.sale.name}
        if own.kind != self.sale.kind:
            what = _("the sale comes off the changed price")
        elif own.kind == Kind.CHANGE:
            what = _("what begins last counts")
        else:
            what = _("the lower wins")
        return f"{told}: {what}."


def counts(sales: Iterable[Sale]) -> dict[int, int]:
    """How many prices each of these says something of. Two queries, none for none."""
    rules = rules_of(Sale.objects.filter(pk__in=[one.pk for one in sales]))
    if not rules:
        return {}
    return _counted(rules, Price.objects.all())


def _counted(rules: Sequence[Rule], prices: QuerySet[Price]) -> dict[int, int]:
    asked = {f"sale_{one.pk}": Count("pk", filter=reached([one])) for one in rules}
    found = prices.aggregate(**asked)
    return {one.pk: found[f"sale_{one.pk}"] for one in rules}


def meetings(sale: Sale) -> list[Meeting]:
    """Others that are on at a time of this one and reach some of its prices."""
    at_once = Sale.objects.filter(is_active=True, applied_at=None).exclude(pk=sale.pk)
    at_once = at_once.filter(Q(ends_at=None) | Q(ends_at__gt=sale.starts_at))
    if sale.ends_at is not None:
        at_once = at_once.filter(starts_at__lt=sale.ends_at)
    others = {one.pk: one for one in at_once}
    own = rules_of(Sale.objects.filter(pk=sale.pk))
    rules = rules_of(Sale.objects.filter(pk__in=others))
    if not rules:
        return []
    found = _counted(rules, Price.objects.filter(reached(own)))
    return [Meeting(others[pk], count) for pk, count in found.items() if count]


def lines(sale: Sale, prices: QuerySet[Price], *, now: dt.datetime) -> list[Line]:
    """These of its prices as the sale makes them, whatever other sales there are."""
    [rule] = rules_of(Sale.objects.filter(pk=sale.pk))
    held = list(rows(prices, [rule]))
    if not held:
        return []
    around = _Around.of(held, rule, now)
    found = [_line(row, rule, around) for row in held]
    return sorted(found, key=lambda one: (one.sku, one.market))


@dataclass(frozen=True, slots=True)
class _Around:
    """What is read once for all lines. prior: by (variant, market); costs: what one main unit is."""

    variants: Mapping[int, Variant]
    compared: Mapping[int, Decimal | None]
    prior: Mapping[Key, Decimal]
    homes: Sides
    worth: Mapping[str, Decimal]

    @classmethod
    def of(cls, held: Sequence[Row], rule: Rule, now: dt.datetime) -> "_Around":
        prices = Price.objects.filter(pk__in=[row.pk for row in held])
        ids = {row.variant for row in held}
        markets = {row.piece.market for row in held}
        since = {(r.variant, r.piece.market.pk): r.reduced_at or rule.starts_at for r in held}
        rates, main = rates_at(now), main_market()
        known = {
            one.currency: rates.of(main.currency if main else "", one.currency, now=now)
            for one in markets
        }
        return cls(
            Variant.objects.select_related("product__type").in_bulk(ids),
            dict(prices.values_list("pk", "compare_at")),
            prior_prices(ids, since=since),
            home_sides(sorted(markets, key=lambda one: one.pk), now=now),
            {currency: one.rate for currency, one in known.items() if one},
        )


def _line(row: Row, rule: Rule, around: _Around) -> Line:
    market, variant = row.piece.market, around.variants[row.variant]
    regular, becomes = row.piece.amount, _becomes(rule, row)
    asked = regular if becomes is None else becomes
    is_sale = rule.kind == Kind.SALE and becomes is not None
    side = around.homes.without_tax(market, variant.product.type.tax_class_id)
    worth = around.worth.get(market.currency)
    cost = None if variant.cost is None or worth is None else variant.cost * worth
    return Line(
        sku=variant.sku,
        title=", ".join(filter(None, (variant.product.title, variant.label))),
        product=variant.product_id,
        market=market.code,
        currency=market.currency,
        regular=regular,
        becomes=becomes,
        was=announced(
            asked,
            around.compared[row.pk],
            around.prior.get((row.variant, market.pk)),
            regular=regular if is_sale else None,
        ),
        margin=_margin(side.of(asked), cost),
    )


def _becomes(rule: Rule, row: Row) -> Decimal | None:
    amount = offered(rule, row.piece, row.piece.amount)
    if amount is None or (rule.kind == Kind.SALE and amount >= row.piece.amount):
        return None
    return amount


def _margin(net: Decimal, cost: Decimal | None) -> Decimal | None:
    if cost is None or net <= ZERO:
        return None
    return ((net - cost) * HUNDRED / net).quantize(Decimal("0.1"))
