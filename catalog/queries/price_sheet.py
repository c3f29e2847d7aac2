"""What is left of every price: tax, cost and fee taken out, worked out by the database.

All figures are in the market's currency, for one piece bought alone and sent to the market's home
country; r is the tax rate there as a fraction, f the payment fee as a fraction, F the fixed fee.

    gross          what the customer pays: the price, plus tax where prices are entered without
    net            gross / (1 + r)
    tax            gross - net
    fee            gross x f + F
    contribution   net - cost - fee
    margin         contribution / net, in per cent
    break-even     the price at which the contribution is nought: net = (cost + F) / (1 - f (1 + r))
    suggested      the price with a margin of t: net = (cost + F) / (1 - t - f (1 + r)), then up to
                   the next amount that ends as the market's rounding says

Costs are kept in the main market's currency and converted at the rate of the day. A bundle without
a cost of its own costs what its parts do. What has no cost on file, or no rate, has no margin: it
is never taken for free.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from catalog.models import BundlePart, Market, Price, TaxRate
from catalog.queries.markets import main_market, markets
from catalog.queries.rates import Rates, rates_at
from catalog.queries.rounding import rounded_up
from shop.lib.money import ZERO

ONE, HUNDRED = Decimal(1), Decimal(100)
STANDARD = "standard"
FIGURE: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=20, decimal_places=6)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a sale in a market is subject to. Fractions, not per cents."""

    rate: Decimal
    fee: Decimal
    fixed: Decimal
    includes_tax: bool
    rounding: str
    currency: str

    def margin(self, amount: Decimal, cost: Decimal | None) -> Decimal | None:
        """Per cent of the net price that a price leaves; None when that can't be said."""
        plus = ONE + self.rate
        gross, net = (amount, amount / plus) if self.includes_tax else (amount * plus, amount)
        if cost is None or not net:
            return None
        return (net - cost - gross * self.fee - self.fixed) * HUNDRED / net

    def priced(self, cost: Decimal, *, margin: Decimal = ZERO) -> Decimal | None:
        """The price, as the market enters it, that leaves this margin; None when none can.

        margin: a fraction of the net price; 0 for the break-even price, which is not rounded to
        the market's endings.
        """
        left = ONE - margin - self.fee * (ONE + self.rate)
        if left <= 0:
            return None
        net = (cost + self.fixed) / left
        amount = net * (ONE + self.rate) if self.includes_tax else net
        return rounded_up(amount, self.rounding if margin else "", self.currency)


def terms_of(row: Any) -> Terms:
    """Of a row of sheet(); reads its market."""
    market = row.market
    return Terms(
        rate=row.rate / HUNDRED,
        fee=market.fee_percent / HUNDRED,
        fixed=market.fee_fixed,
        includes_tax=market.prices_include_tax,
        rounding=market.rounding,
        currency=market.currency,
    )


def sheet(prices: "QuerySet[Price]", *, now: dt.datetime) -> "QuerySet[Price]":
    """Prices with `rate`, `gross`, `net`, `tax`, `fee`, `cost`, `contribution` and `margin`.

    Rates of tax and exchange are read beforehand (three small queries) and become part of the
    statement, so that a hundred thousand rows can be sorted and filtered by their margin.
    """
    plus = ExpressionWrapper(ONE + F("rate") / HUNDRED, output_field=FIGURE)
    entered = F("current")
    return (
        prices.annotate(rate=_tax_rate(now), cost=_cost(now))
        .annotate(
            gross=Case(
                When(market__prices_include_tax=True, then=entered),
                default=ExpressionWrapper(entered * plus, output_field=FIGURE),
                output_field=FIGURE,
            ),
            net=Case(
                When(market__prices_include_tax=False, then=entered),
                default=ExpressionWrapper(entered / plus, output_field=FIGURE),
                output_field=FIGURE,
            ),
        )
        .annotate(
            tax=_figure(F("gross") - F("net")),
            fee=_figure(F("gross") * F("market__fee_percent") / HUNDRED + F("market__fee_fixed")),
        )
        .annotate(contribution=_figure(F("net") - F("cost") - F("fee")))
        .annotate(margin=_figure(F("contribution") * HUNDRED / NullIf(F("net"), Value(ZERO))))
    )


def _figure(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=FIGURE)


def _tax_rate(now: dt.datetime) -> Case:
    """By market and tax class, in the market's home country; standard where a class has none."""
    rows = TaxRate.objects.on(now.date()).filter(region="").select_related("tax_class")
    known = {(one.country, one.tax_class.code): one for one in rows}
    whens = []
    for market in markets():
        home = market.home_country
        whens += [
            When(market=market, variant__product__type__tax_class=one.tax_class_id, then=one.rate)
            for (country, _code), one in known.items()
            if country == home
        ]
        standard = known.get((home, STANDARD))
        whens.append(When(market=market, then=standard.rate if standard else ZERO))
    return Case(*whens, default=Value(ZERO), output_field=FIGURE)


def _cost(now: dt.datetime) -> Case:
    """In the market's currency; nothing where no rate is on file."""
    parts = (
        BundlePart.objects.filter(bundle=OuterRef("variant"))
        .order_by()
        .values("bundle")
        .annotate(
            cost=Sum(F("part__cost") * F("quantity")),
            unknown=Count("pk", filter=Q(part__cost=None)),
        )
        .filter(unknown=0)
        .values("cost")
    )
    own = Coalesce(F("variant__cost"), Subquery(parts), output_field=FIGURE)
    main, rates = main_market(), rates_at(now)
    whens = [
        When(market=market, then=_figure(own * rate))
        for market in markets()
        if main and (rate := _rate(rates, main, market, now)) is not None
    ]
    return Case(*whens, default=Value(None), output_field=FIGURE)


def _rate(rates: Rates, main: Market, market: Market, now: dt.datetime) -> Decimal | None:
    known = rates.of(main.currency, market.currency, now=now)
    return known.rate if known else None
