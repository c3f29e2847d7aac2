"""Suppliers: when what is ordered from them should be there."""

import datetime as dt

from django.conf import settings

from inventory.models import Location, Supplier, SupplierOffer
from shop.lib.workdays import add_working_days, is_working_day


def lead_days(*, supplier: Supplier, offer: SupplierOffer | None) -> int:
    """Days from the order to the delivery; an offer may say otherwise than its supplier."""
    if offer is None or offer.lead_days is None:
        return supplier.lead_days
    return offer.lead_days


def arrives_on(*, ordered_on: dt.date, days: int, location: Location) -> dt.date:
    """The day goods should come: nobody delivers on a day when nobody is there."""
    country = location.country or settings.SHOP["country"]
    day = ordered_on + dt.timedelta(days=days)
    return day if is_working_day(day, country) else add_working_days(day, 1, country)
