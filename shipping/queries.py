"""Which ways of delivery an address has, what they cost, and when the parcel arrives."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from orders.services.pricing import Delivery
from shipping.models import Method, Rate
from shop.lib.money import ZERO
from shop.lib.workdays import add_working_days, leaves_on, next_cut_off


@dataclass(frozen=True, slots=True)
class Promise:
    """What the product page says about delivery. Amounts as the market shows prices."""

    method_name: str
    price: Decimal
    free_from: Decimal | None
    arrives_from: dt.date
    arrives_by: dt.date
    cut_off: dt.datetime


def deliveries(
    *, country: str, currency: str, grams: int, goods: Decimal, now: dt.datetime
) -> list[Delivery]:
    """Methods an address may choose from, cheapest first, then soonest.

    grams: weight of everything that travels; goods: its value as the market shows it.
    """
    offers = [_delivery(rate, country, goods, now) for rate in _rates(country, currency, grams)]
    return sorted(offers, key=lambda offer: (offer.price, offer.arrives_by, offer.code))


def promise(
    *, country: str, currency: str, grams: int, goods: Decimal, now: dt.datetime
) -> Promise | None:
    """The cheapest delivery of one piece, for a page that knows no address. One query."""
    rates = list(_rates(country, currency, grams))
    if not rates:
        return None
    rate = min(rates, key=lambda rate: (rate.price, rate.method.max_days, rate.pk))
    delivery = _delivery(rate, country, goods, now)
    free = min((rate.free_from for rate in rates if rate.free_from is not None), default=None)
    return Promise(
        method_name=delivery.name,
        price=delivery.price,
        free_from=free,
        arrives_from=delivery.arrives_from,
        arrives_by=delivery.arrives_by,
        cut_off=next_cut_off(now, settings.SHOP["country"]),
    )


def countries_served(currency: str) -> list[str]:
    rows = Rate.objects.filter(currency=currency, method__is_active=True)
    found: set[str] = set()
    for countries in rows.values_list("method__zone__countries", flat=True):
        found.update(countries)
    return sorted(found)


def tracking_page(*, method_code: str, number: str) -> str:
    template = (
        Method.objects.filter(code=method_code).values_list("tracking_url", flat=True).first()
    )
    return template.replace("{number}", number) if template and number else ""


def _rates(country: str, currency: str, grams: int) -> QuerySet[Rate]:
    return (
        Rate.objects.filter(
            Q(min_grams__lte=grams, max_grams__gt=grams),
            currency=currency,
            method__is_active=True,
            method__zone__countries__contains=[country],
        )
        .select_related("method__tax_class")
        .order_by("method__position", "pk")
    )


def _delivery(rate: Rate, country: str, goods: Decimal, now: dt.datetime) -> Delivery:
    method = rate.method
    is_free = rate.free_from is not None and goods >= rate.free_from
    posted = leaves_on(now, settings.SHOP["country"])
    return Delivery(
        code=method.code,
        name=method.name,
        carrier=method.carrier,
        price=ZERO if is_free else rate.price,
        tax_class=method.tax_class.code if method.tax_class else "",
        arrives_from=add_working_days(posted, method.min_days, country),
        arrives_by=add_working_days(posted, method.max_days, country),
        free_from=rate.free_from,
    )
