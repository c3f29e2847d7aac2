"""Where the shop sells and how parcels get there: markets, taxes, delivery, the stock room."""

import tomllib
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Market, TaxClass, TaxRegistration
from catalog.services import tax_rates
from inventory.models import Location
from shipping.models import Method, Rate, Zone

FOLDER = Path(__file__).resolve().parents[1]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def fill() -> None:
    """Write everything that is missing; what is there stays as somebody may have changed it."""
    places = read("places.toml")
    tax_rates.load()
    _registrations(places["registrations"])
    for position, market in enumerate(places["markets"]):
        Market.objects.get_or_create(code=market["code"], defaults={**market, "position": position})
    for zone in places["zones"]:
        _zone(zone)
    if not Location.objects.exists():
        Location.objects.create(**places["location"])


def _registrations(wanted: list[dict[str, str]]) -> None:
    if TaxRegistration.objects.exists():
        return
    TaxRegistration.objects.bulk_create(
        TaxRegistration(**one, valid=DateRange(None, None)) for one in wanted
    )


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
            kind=one.get("kind", Method.Kind.HOME),
            tracking_url=one.get("tracking_url", ""),
            tax_class=standard,
            min_days=one["days"][0],
            max_days=one["days"][1],
            position=position,
        )
        Rate.objects.bulk_create(
            Rate(method=method, currency=market.currency, **rate) for rate in one["rates"]
        )
