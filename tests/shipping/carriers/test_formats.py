"""USPS, FedEx, UPS and DHL Express: what they are sent, and how their answers are read."""

from decimal import Decimal

import pytest

from shipping.carriers.base import Address, CarrierRefused, Good, Package, Shipment
from shipping.carriers.karrio_adapter import Karrio

CARRIERS = ["usps", "fedex", "ups", "dhl_express"]
SHOP_US = Address(
    "Marl & Weft", "1 Main St", "New York", "10001", "US", company="Marl & Weft Ltd", phone="2125550100"
)  # fmt: skip
SHOP_GB = Address(
    "Marl & Weft",
    "Unit 4, Old Tile Works",
    "Stoke-on-Trent",
    "ST4 7XX",
    "GB",
    company="Marl & Weft Ltd",
    phone="+441632960120",
)
BUYER = Address(
    "Anna Ray", "1600 Amphitheatre Pkwy", "Mountain View", "94043", "US",
    phone="6505550100", email="anna@example.com",
)  # fmt: skip
PARCEL = Package(1200, 300, 200, 100, Decimal("45.00"), "USD")
MUG = Good("MUG-1", "Stoneware mug", 2, 500, Decimal("22.50"), "691200", "GB")
SERVICES = {
    "usps": "usps_priority_mail",
    "fedex": "fedex_ground",
    "ups": "ups_ground",
    "dhl_express": "dhl_express_worldwide_nondoc",
}
NUMBERS = {
    "usps": "9205590153747800002201",
    "fedex": "794953535000",
    "ups": "1ZA1B2C30399887766",
    "dhl_express": "2288160003",
}


def shipment(carrier):
    if carrier == "dhl_express":
        return Shipment(SERVICES[carrier], [PARCEL], SHOP_GB, BUYER, "10482-1", [MUG], "GBP")
    return Shipment(SERVICES[carrier], [PARCEL], SHOP_US, BUYER, "10482-1", currency="USD")


def quoted(carrier):
    found = Karrio(carrier, carrier).quotes(shipment(carrier))
    return {one.service: (one.amount, one.currency, one.days) for one in found}


def test_usps_says_what_it_costs(network):
    asked = network("usps")

    prices = quoted("usps")

    assert prices["usps_priority_mail"] == (Decimal("16.45"), "USD", 3)
    assert prices["usps_ground_advantage"] == (Decimal("12.1"), "USD", 5)
    message = asked.message("quote")
    assert (message["originZIPCode"], message["destinationZIPCode"]) == ("10001", "94043")
    assert message["packageDescription"]["weight"] == pytest.approx(2.65, abs=0.01)
    assert message["packageDescription"]["length"] == pytest.approx(11.81)


def test_fedex_says_what_it_costs_this_account(network):
    asked = network("fedex")

    service, (amount, currency, _days) = next(iter(quoted("fedex").items()))

    assert (service, amount, currency) == ("fedex_ground", Decimal("17.63"), "USD")
    wanted = asked.message("quote")["requestedShipment"]
    assert wanted["recipient"]["address"]["stateOrProvinceCode"] == "CA"
    (row,) = wanted["requestedPackageLineItems"]
    assert (row["weight"]["units"], row["dimensions"]["units"]) == ("LB", "IN")
    assert row["dimensions"]["length"] == pytest.approx(11.81)


def test_ups_says_what_each_service_costs(network):
    asked = network("ups")

    prices = quoted("ups")

    assert prices["ups_ground"] == (Decimal("19.72"), "USD", 4)
    assert prices["ups_2nd_day_air"] == (Decimal("47.1"), "USD", 2)
    wanted = asked.message("quote")["RateRequest"]["Shipment"]
    assert wanted["Shipper"]["ShipperNumber"] == "A1B2C3"
    assert wanted["Package"][0]["PackageWeight"]["UnitOfMeasurement"]["Code"] == "LBS"


def test_dhl_express_says_what_it_costs_abroad(network):
    asked = network("dhl_express")

    prices = quoted("dhl_express")

    assert prices == {"dhl_express_worldwide_nondoc": (Decimal("52.920"), "GBP", 3)}
    message = asked.message("quote")
    assert "<IsDutiable>Y</IsDutiable>" in message
    assert "<WeightUnit>KG</WeightUnit>" in message
    assert "<Depth>30</Depth>" in message


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_label_has_a_number_and_a_page(network, carrier):
    asked = network(carrier)

    bought = Karrio(carrier, carrier).buy(shipment(carrier))

    assert bought.tracking_number == NUMBERS[carrier]
    assert bought.file.startswith(b"%PDF")
    assert bought.provider_ref
    assert "10482-1" in str(asked.message("label"))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_buyers_mail_address_stays_with_us(network, carrier):
    asked = network(carrier)

    Karrio(carrier, carrier).buy(shipment(carrier))

    assert BUYER.email not in str(asked.message("label"))


@pytest.mark.parametrize(("carrier", "cost"), [("usps", "16.45"), ("dhl_express", "52.92")])
def test_what_a_label_cost_is_kept_when_it_is_told(network, carrier, cost):
    network(carrier)

    assert Karrio(carrier, carrier).buy(shipment(carrier)).cost == Decimal(cost)


def test_customs_are_told_what_is_in_a_parcel(network):
    asked = network("dhl_express")

    Karrio("dhl_express", "dhl_express").buy(shipment("dhl_express"))

    message = asked.message("label")
    for words in ("691200", "Stoneware mug", "<Quantity>2</Quantity>", "<TermsOfTrade>DAP"):
        assert words in message
    assert "<ManufactureCountryCode>GB</ManufactureCountryCode>" in message


@pytest.mark.parametrize("carrier", ["usps", "fedex", "ups"])
def test_a_label_can_be_given_back(network, carrier):
    asked = network(carrier)

    Karrio(carrier, carrier).void(number=NUMBERS[carrier], reference="")

    assert asked.kinds() == ["void"]
    _kind, call = asked.asked[-1]
    assert NUMBERS[carrier] in call["url"] + call.get("data", "")


def test_dhl_express_bills_what_it_scans_and_is_not_asked(network):
    asked = network("dhl_express")

    Karrio("dhl_express", "dhl_express").void(number="2288160003", reference="")

    assert asked.kinds() == []


STANDS = {
    "usps": ["in_transit", "in_transit", "out_for_delivery"],
    "fedex": ["in_transit", "exception", "out_for_delivery", "delivered"],
    "ups": ["pre_transit", "in_transit", "exception", "returned"],
    "dhl_express": ["in_transit", "in_transit", "out_for_delivery", "delivered"],
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_what_becomes_of_a_parcel_is_told_in_our_words(network, carrier):
    network(carrier)

    found = Karrio(carrier, carrier).track([NUMBERS[carrier]])

    news = found[NUMBERS[carrier]]
    assert [one.status for one in news] == STANDS[carrier]
    assert all(one.words and one.at.tzinfo for one in news)
    assert [one.at for one in news] == sorted(one.at for one in news)


def test_news_have_a_place_and_the_time_there(network):
    network("fedex")

    last = Karrio("fedex", "fedex").track(["794953535000"])["794953535000"][-1]

    assert last.place == "MOUNTAIN VIEW, CA, 94043, US"
    assert (last.at.day, last.at.hour, last.at.minute) == (27, 10, 11)


WORDS = {
    "usps": "Address Not Found",
    "fedex": "Recipient Postal-City Mismatch",
    "ups": "Missing or invalid ship to address",
    "dhl_express": "Paperless trade is not enabled",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_refusal_has_the_carriers_words(network, carrier):
    network(carrier, wrong=["label"])

    with pytest.raises(CarrierRefused, match=WORDS[carrier]):
        Karrio(carrier, carrier).buy(shipment(carrier))


@pytest.mark.parametrize("carrier", ["usps", "fedex", "ups"])
def test_a_refusal_to_take_a_label_back_has_the_carriers_words(network, carrier):
    network(carrier, wrong=["void"])

    with pytest.raises(CarrierRefused, match=WORDS[carrier]):
        Karrio(carrier, carrier).void(number=NUMBERS[carrier], reference="")
