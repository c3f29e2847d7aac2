"""Which tax an order owes: by where it goes, who buys, and where the shop is registered.

Digital goods follow the buyer's country just as parcels do: the same call answers for both.
Without a registration on file every known rate is charged and nobody is relieved of it. With one:
- a country where the shop is registered: its rates;
- elsewhere in the Union, with the one-stop shop: that country's rates; a business with a proved
  VAT number of another member state pays none (reverse charge);
- elsewhere in the Union without it (small sellers): the rates of the country it is sold from;
- anywhere else, and in territories outside the Union's VAT: none (export).
Customers who are exempt pay none wherever tax is owed. Northern Ireland counts as the United
Kingdom: the Union's special rules for its goods are not followed.
"""

import datetime as dt
import logging
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Customer
from accounts.services import vat_numbers
from catalog.models import Market, TaxClass, TaxRate, TaxRegistration, TaxTerritory
from catalog.models.market import EU
from orders.models import Order
from orders.services.pricing import Rate, TaxRules
from shop.lib import rulebook
from shop.lib.workdays import shop_zone

logger = logging.getLogger(__name__)
Relief = Order.Relief
Scheme = TaxRegistration.Scheme
STANDARD, REDUCED = "standard", "reduced"
# What a class pays where the country has no rate of its own for it; others pay the standard rate.
FALLS_BACK = {"zero": REDUCED, "super_reduced": REDUCED, "reduced2": REDUCED}
LONGEST_POSTCODE = 16
NOT_IN_POSTCODES = re.compile(r"[^0-9A-Z]")
# Rates by (country, region), then by class. Region "": the country at large.
Rates = dict[tuple[str, str], dict[str, Rate]]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where the shop is registered on a day, and whether the buyer's number is proved."""

    domestic: Sequence[str]
    has_one_stop_shop: bool
    buyer_is_proved: bool

    @property
    def is_anywhere(self) -> bool:
        return bool(self.domestic) or self.has_one_stop_shop

    @property
    def in_union(self) -> list[str]:
        return [country for country in self.domestic if country in EU]

    def taxes(self, country: str) -> bool:
        """Whether the shop owes tax on what goes to a country."""
        if country in self.domestic or not self.is_anywhere:
            return True
        return country in EU and (self.has_one_stop_shop or bool(self.in_union))

    def charges_as(self, country: str, market: Market) -> str:
        """The country whose rates are charged: under the Union's threshold, the seller's own."""
        if country in self.domestic or country not in EU or self.has_one_stop_shop:
            return country
        if not self.in_union:
            return country
        return market.home_country if market.home_country in self.in_union else self.in_union[0]


@rulebook.one_moment()
def rules(
    *,
    market: Market,
    country: str,
    on: dt.date,
    postcode: str = "",
    customer: Customer | None = None,
    vat_number: str = "",
) -> TaxRules:
    """The rates that a destination knows on a day, by tax class. Kept until one is
    changed; a number of the buyer's is asked about.

    With a relief the rates are what prices entered with tax lose: the destination's, or for an
    export those of the market's own country.
    """
    number = vat_numbers.normalise(vat_number, country=country) if vat_number else ""
    seat = _seat(on, number)
    charged = seat.charges_as(country, market)
    region = region_of(country=country, postcode=postcode)
    found, classes = _rates({country, charged, market.home_country}, on)
    if _is_outside(country, found.get((country, region)) if region else None):
        relief, charged = Relief.EXPORT if seat.is_anywhere else "", country
    else:
        relief = _relief(seat, country, customer, number)
    if relief == Relief.EXPORT:
        charged = market.home_country
    inside = region if charged == country and relief != Relief.EXPORT else ""
    return TaxRules(
        country=country if relief else charged,
        included=market.prices_include_tax,
        rates=by_class(found, country=charged, region=inside, of=classes),
        region=region if relief or charged == country else "",
        relief=relief,
    )


def by_class(
    found: Mapping[tuple[str, str], Mapping[str, Rate]],
    *,
    country: str,
    region: str,
    of: Collection[str],
) -> dict[str, Rate]:
    """The rate of every class in a place: the territory's, the country's, or the next class's."""
    known = {**found.get((country, ""), {}), **found.get((country, region), {})}
    return {code: rate for code in of if (rate := _rate(code, known))}


def _rate(code: str, known: Mapping[str, Rate]) -> Rate | None:
    while code not in known and code != STANDARD:
        code = FALLS_BACK.get(code, STANDARD)
    return known.get(code)


def region_of(*, country: str, postcode: str) -> str:
    """The territory that a postcode lies in; empty for the country at large."""
    written = postcode.strip().upper()[:LONGEST_POSTCODE]
    spellings = {written, NOT_IN_POSTCODES.sub("", written)} - {""}
    if not spellings:
        return ""
    for territory in _territories().get(country, ()):
        pattern = _compiled(territory.postcodes)
        if pattern and any(pattern.fullmatch(one) for one in spellings):
            return territory.region
    return ""


def _territories() -> Mapping[str, Sequence[TaxTerritory]]:
    """By country."""

    def read() -> dict[str, list[TaxTerritory]]:
        found = defaultdict(list)
        for one in TaxTerritory.objects.order_by("country", "region"):
            found[one.country].append(one)
        return dict(found)

    return rulebook.kept("tax-territories", read)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """None for what is no regular expression: such a territory has no postcodes."""
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        logger.warning("postcodes of a tax territory can't be read", extra={"pattern": pattern})
        return None


def _seat(on: dt.date, vat_number: str) -> Seat:
    rows = [
        (country, scheme)
        for country, scheme, valid in rulebook.kept("tax-registrations", _registrations)
        if on in valid
    ]
    midnight = dt.datetime.combine(on, dt.time(), tzinfo=shop_zone())
    return Seat(
        domestic=[country for country, scheme in rows if scheme == Scheme.DOMESTIC],
        has_one_stop_shop=any(scheme == Scheme.OSS for _country, scheme in rows),
        buyer_is_proved=bool(vat_number and rows)
        and vat_numbers.proofs(vat_number, now=midnight).exists(),
    )


def _registrations() -> list[tuple[str, str, DateRange]]:
    rows = TaxRegistration.objects.order_by("pk")
    return list(rows.values_list("country", "scheme", "valid"))


def _relief(seat: Seat, country: str, customer: Customer | None, vat_number: str) -> str:
    if not seat.taxes(country):
        return Relief.EXPORT
    if customer is not None and customer.is_tax_exempt:
        return Relief.EXEMPT
    # A number of the seller's own country, or goods that stay in it: no border is crossed.
    places = {country, vat_numbers.country_of(vat_number)}
    is_crossing = places <= EU and places.isdisjoint(seat.domestic)
    has_right = seat.buyer_is_proved and bool(seat.in_union)
    return Relief.REVERSE_CHARGE if is_crossing and has_right else ""


def _rates(countries: Collection[str], on: dt.date) -> tuple[Rates, list[str]]:
    """The rates of some countries on a day, and every tax class there is."""
    classes, by_country = rulebook.kept("tax-rates", _all_rates)
    found: Rates = {}
    for country in sorted(countries):
        for code, region, name, rate, valid in by_country.get(country, ()):
            if on in valid:
                found.setdefault((country, region), {})[code] = Rate(name, rate)
    return found, classes


def _all_rates() -> tuple[list[str], dict[str, list[tuple[str, str, str, Decimal, DateRange]]]]:
    """Every tax class, and by country the rates of every class with the days they hold on."""
    by_country = defaultdict(list)
    rows = TaxRate.objects.order_by("pk").values_list(
        "country", "tax_class__code", "region", "name", "rate", "valid"
    )
    for country, *row in rows:
        by_country[country].append(tuple(row))
    return list(TaxClass.objects.values_list("code", flat=True)), dict(by_country)


def _is_outside(country: str, territory: Mapping[str, Rate] | None) -> bool:
    """Whether a territory lies outside the Union's VAT: every rate of its own is nought."""
    rates = (territory or {}).values()
    return country in EU and bool(rates) and all(not rate.rate for rate in rates)
