"""What is asked, as karrio takes it: addresses, parcels, customs."""

from dataclasses import dataclass
from typing import Any

from shipping.carriers.base import Address, Good, Package, Shipment
from shipping.carriers.states import state_of


@dataclass(frozen=True, slots=True)
class Units:
    """How a country measures; karrio mixes up sizes in one system and weights in the other."""

    weight: str
    grams: float
    size: str
    mm: float


METRIC, IMPERIAL = Units("KG", 1000, "CM", 10), Units("LB", 453.59237, "IN", 25.4)
LIGHTEST = 0.01


def units_of(shipment: Shipment) -> Units:
    return IMPERIAL if shipment.sender.country == "US" else METRIC


def address(one: Address) -> dict[str, Any]:
    """A party. Its mail address stays with us: buyers hear of their parcels from the shop."""
    return _said(
        person_name=one.name,
        company_name=one.company,
        address_line1=one.line1,
        address_line2=one.line2,
        city=one.city,
        postal_code=one.postcode,
        country_code=one.country,
        state_code=one.state or state_of(one.country, one.postcode),
        phone_number=one.phone,
        residential=not one.company,
    )


def parcel(one: Package, units: Units) -> dict[str, Any]:
    sizes = {"length": one.length_mm, "width": one.width_mm, "height": one.height_mm}
    return {
        "weight": _weight(one.grams, units),
        "weight_unit": units.weight,
        "dimension_unit": units.size,
        "packaging_type": "your_packaging",
        # All three, or none.
        **(
            {name: round(mm / units.mm, 2) for name, mm in sizes.items()}
            if all(sizes.values())
            else {}
        ),
    }


def _weight(grams: int, units: Units) -> float:
    return max(round(grams / units.grams, 3), LIGHTEST)


def rate_request(shipment: Shipment) -> dict[str, Any]:
    return {
        "shipper": address(shipment.sender),
        "recipient": address(shipment.receiver),
        "parcels": [parcel(one, units_of(shipment)) for one in shipment.packages],
        "options": options(shipment),
        "payment": {"paid_by": "sender"},
    }


def shipment_request(shipment: Shipment) -> dict[str, Any]:
    return {
        **rate_request(shipment),
        "service": shipment.service,
        "reference": shipment.reference,
        "label_type": "PDF",
        **({"customs": customs(shipment)} if shipment.goods else {}),
    }


def options(shipment: Shipment) -> dict[str, Any]:
    value = sum(one.value for one in shipment.packages)
    return _said(declared_value=float(value), currency=shipment.currency)


def customs(shipment: Shipment) -> dict[str, Any]:
    value = sum(good.value * good.units for good in shipment.goods)
    units = units_of(shipment)
    return {
        "content_type": "merchandise",
        "content_description": ", ".join(sorted({good.words for good in shipment.goods}))[:70],
        "incoterm": "DAP",
        "invoice": shipment.reference,
        "commercial_invoice": True,
        "duty": {
            "paid_by": "recipient",
            "currency": shipment.currency,
            "declared_value": float(value),
        },
        "commodities": [commodity(one, shipment.currency, units) for one in shipment.goods],
    }


def commodity(good: Good, currency: str, units: Units) -> dict[str, Any]:
    return _said(
        sku=good.sku,
        title=good.words,
        description=good.words,
        quantity=good.units,
        weight=_weight(good.grams, units),
        weight_unit=units.weight,
        value_amount=float(good.value),
        value_currency=currency,
        hs_code=good.hs_code,
        origin_country=good.origin,
    )


def _said(**values: Any) -> dict[str, Any]:
    """Without what is empty: karrio takes "" for an answer."""
    return {name: value for name, value in values.items() if value not in ("", None, 0)}
