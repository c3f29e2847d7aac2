"""Who sells, under which VAT number, and who buys."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from babel import Locale
from django.conf import settings

from catalog.models import TaxRegistration
from catalog.models.market import EU
from orders.models import Order
from shop.templatetags.shop_text import current_locale

Scheme = TaxRegistration.Scheme


class Registrations:
    """The VAT numbers the shop holds on a day."""

    def __init__(self, on: dt.date) -> None:
        rows = TaxRegistration.objects.filter(valid__contains=on).order_by("pk")
        self.rows = list(rows)
        self.domestic = {
            row.country: row.number for row in self.rows if row.scheme == Scheme.DOMESTIC
        }
        oss = [row for row in self.rows if row.scheme == Scheme.OSS]
        self.one_stop = (oss[0].country, oss[0].number) if oss else None

    @property
    def own(self) -> tuple[str, str]:
        """(country, number) of the shop's own country, else of the first one on file."""
        home = settings.SHOP["country"]
        if home in self.domestic or not self.domestic:
            return home, self.domestic.get(home, "")
        return next(iter(self.domestic.items()))

    def charging(self, country: str, relief: str) -> tuple[str, str]:
        """(country, number) under which tax of a country is charged, or left to the buyer."""
        in_union = [(at, number) for at, number in self.domestic.items() if at in EU]
        if relief == Order.Relief.REVERSE_CHARGE:
            return in_union[0] if in_union else self.own
        if relief == Order.Relief.EXPORT:
            return self.own
        if country in self.domestic:
            return country, self.domestic[country]
        if country in EU and self.one_stop:
            return self.one_stop
        return in_union[0] if country in EU and in_union else self.own


def seller(registered: Registrations, used: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The shop on paper. used: the (country, number) that this document's taxes are under."""
    shop = settings.SHOP
    numbers = dict.fromkeys(one for one in [*used, registered.own] if one[1])
    return {
        "name": shop["name"],
        "company": shop["company"],
        "address": list(shop["address"]),
        "country": shop["country"],
        "country_name": country_name(shop["country"]),
        "email": shop["email"],
        "phone": shop["phone"],
        "vat_numbers": [{"country": country, "number": number} for country, number in numbers],
    }


def buyer(order: Order) -> dict[str, Any]:
    place = " ".join(filter(None, (order.city, order.region, order.postcode)))
    address = (order.line1, order.line2, place)
    return {
        "name": order.name,
        "company": order.company,
        "address": [part for part in address if part],
        "line1": order.line1,
        "line2": order.line2,
        "city": order.city,
        "postcode": order.postcode,
        "country": order.country,
        "country_name": country_name(order.country),
        "vat_number": order.vat_number,
        "email": order.email,
    }


def country_name(code: str) -> str:
    locale: Locale = current_locale()
    return str(locale.territories.get(code, code))
