"""Where the shop sells and how parcels get there: markets, taxes, delivery, the stock room."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Market, TaxClass, TaxRate
from inventory.models import Location
from shipping.models import Method, Rate, Zone

FOLDER = Path(__file__).resolve().parents[1]
ALWAYS = "always"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def fill() -> None:
    """Write everything that is missing; what is there stays as somebody may have changed it."""
    places = read("places.toml")
    _taxes(places["tax_classes"])
    for position, market in enumerate(places["markets"]):
        Market.objects.get_or_create(code=market["code"], defaults={**market, "position": position})
    for zone in places["zones"]:
        _zone(zone)
    if not Location.objects.exists():
        Location.objects.create(**places["location"])


def _taxes(classes: list[dict[str, str]]) -> None:
    for one in classes:
        TaxClass.objects.get_or_create(code=one["code"], defaults={"name": one["name"]})
    if TaxRate.objects.exists():
        return
    by_code = {tax_class.code: tax_class for tax_class in TaxClass.objects.all()}
    TaxRate.objects.bulk_create(
        TaxRate(country=country, tax_class=by_code[code], rate=rate, valid=valid)
        for country, classes in read("tax_rates.toml").items()
        for code, steps in {"zero": classes["reduced"], **classes}.items()
        for rate, valid in _periods(steps)
    )


def _periods(steps: Mapping[str, str]) -> Iterator[tuple[str, DateRange]]:
    """Rates by the day they came into force, as periods [from, to) without a gap."""
    days = [None if day == ALWAYS else dt.date.fromisoformat(day) for day in steps]
    for (start, end), rate in zip(pairwise([*days, None]), steps.values(), strict=True):
        yield rate, DateRange(start, end)


def _zone(data: dict[str, Any]) -> None:
    market = Market.objects.get(code=data["market"])
    zone, is_new = Zone.objects.get_or_create(
        name=data["name"], defaults={"countries": market.countries}
    )
    if not is_new:
        return
    standard = TaxClass.objects.get(code="standard")
    for position, one in enumerate(data["methods"]):
        method = Method.objects.create(
            zone=zone,
            code=one["code"],
            name=one["name"],
            carrier=one["carrier"],
            tracking_url=one.get("tracking_url", ""),
            tax_class=standard,
            min_days=one["days"][0],
            max_days=one["days"][1],
            position=position,
        )
        Rate.objects.bulk_create(
            Rate(method=method, currency=market.currency, **rate) for rate in one["rates"]
        )
