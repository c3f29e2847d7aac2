"""What crosses a border is declared: every SKU, its value after discounts and before tax."""

from decimal import Decimal

import pytest

from orders.models import OrderLinePart
from shipping.models import Carrier, Method, Zone
from shipping.services import papers
from tests.factories import in_stock
from tests.factories.catalog import VariantFactory
from tests.shipping.paper import text_of
from tests.shipping.parcels import bought, parcel_of

pytestmark = pytest.mark.django_db
KNOWN = {"hs_code": "6912.00", "origin": "GB", "grams": 400, "customs_words": "Stoneware mug"}


def abroad(*lines, country="US", **fields):
    """A parcel of an order that goes to another country."""
    order = bought(*lines)
    order.country = country
    order.save(update_fields=["country"])
    return parcel_of(order, **fields)


def known(**fields):
    return in_stock(**KNOWN | fields)


@pytest.mark.parametrize("country", ["GB", "IM"])
def test_no_paper_is_needed_within_a_customs_territory(country):
    parcel = abroad((in_stock(), 1), country=country)

    assert papers.customs(parcel) == []
    assert papers.missing_for_customs(parcel) == []


def test_a_zone_can_say_that_it_lies_behind_a_border():
    parcel = abroad((in_stock(sku="MUG-1"), 1), country="GB")
    zone = Method.objects.get(code=parcel.order.shipping_method).zone

    Zone.objects.filter(pk=zone.pk).update(needs_customs=True)

    assert "MUG-1" in papers.missing_for_customs(parcel)[0]


def test_missing_data_is_named_sku_by_sku_and_stops_the_paper():
    parcel = abroad(
        (in_stock(sku="MUG-1", **KNOWN | {"hs_code": "6912"}), 1),
        (in_stock(sku="BOWL-1", **KNOWN | {"origin": "", "grams": 0}), 1),
        (known(sku="VASE-1"), 1),
    )

    missing = papers.missing_for_customs(parcel)

    assert missing == [
        "MUG-1 cannot be declared to customs without: customs code.",
        "BOWL-1 cannot be declared to customs without: country of origin, weight.",
    ]
    with pytest.raises(papers.CustomsMissing, match=r"MUG-1.*BOWL-1"):
        papers.customs(parcel)


def test_a_small_parcel_gets_a_cn22():
    parcel = abroad((known(sku="MUG-1", price="24.00"), 2))

    (paper,) = papers.customs(parcel)

    text = text_of(paper.content)
    assert (paper.kind, paper.name) == ("cn22", f"{papers.parcel_code(parcel)}-cn22.pdf")
    for words in ("CN 22", "Stoneware mug", "6912.00", "0.8 kg", "£40.00", "United Kingdom"):
        assert words in text


def test_a_dear_parcel_gets_a_cn23_and_an_invoice(settings):
    settings.SHOP = {**settings.SHOP, "eori": "GB000000000000"}
    parcel = abroad((known(price="480.00"), 1))

    form, invoice = papers.customs(parcel)

    assert [form.kind, invoice.kind] == ["cn23", "invoice"]
    assert "£400.00" in text_of(form.content)
    for words in ("Commercial invoice", "EORI GB000000000000", "United States", "DAP"):
        assert words in text_of(invoice.content)


def test_a_heavy_parcel_gets_a_cn23():
    assert papers.kinds(abroad((known(price="24.00"), 1), grams=2001)) == ["cn23", "invoice"]


def test_an_express_carrier_wants_an_invoice_alone():
    parcel = abroad((known(), 1))
    carrier = Carrier.objects.create(code="dhl", name="DHL", adapter=Carrier.Adapter.DHL_EXPRESS)
    Method.objects.filter(code=parcel.order.shipping_method).update(provider=carrier)

    assert papers.kinds(parcel) == ["invoice"]


def test_the_value_is_after_discounts_and_before_tax():
    parcel = abroad((known(price="24.00"), 2))
    line = parcel.order.lines.get()
    line.discount, line.net, line.tax, line.gross = (
        Decimal(value) for value in ("12", "30", "6", "36")
    )
    line.save()

    (row,) = papers.declared(parcel)

    assert (row.units, row.grams, row.value) == (2, 800, Decimal("30.00"))


def test_parcels_of_a_line_declare_together_what_it_came_to():
    order = abroad((known(price="10.00"), 3)).order
    order.fulfilments.all()[0].delete()
    line = order.lines.get()
    first, second = parcel_of(order, {line: 1}), parcel_of(order, {line: 2})

    values = [papers.declared(one)[0].value for one in (first, second)]

    assert sum(values) == line.net
    assert values[0] == Decimal("8.33")


def test_a_bundle_is_declared_by_its_parts_which_share_its_value_by_cost():
    parcel = abroad((in_stock(sku="SET-1", price="36.00"), 1))
    line = parcel.order.lines.get()
    for sku, cost, units in (("CUP-1", "2.00", 2), ("POT-1", "8.00", 1)):
        part = VariantFactory(sku=sku, cost=cost, **KNOWN)
        OrderLinePart.objects.create(line=line, variant=part, sku=sku, title=sku, quantity=units)

    rows = papers.declared(parcel)

    assert [(row.sku, row.units, row.value) for row in rows] == [
        ("CUP-1", 2, Decimal("10.00")),
        ("POT-1", 1, Decimal("20.00")),
    ]


def test_a_bundle_with_a_code_of_its_own_is_declared_as_a_set():
    parcel = abroad((known(sku="SET-1"), 1))
    line = parcel.order.lines.get()
    part = VariantFactory(sku="CUP-1")
    OrderLinePart.objects.create(line=line, variant=part, sku="CUP-1", title="Cup", quantity=2)

    assert [row.sku for row in papers.declared(parcel)] == ["SET-1"]


def test_what_was_given_for_nothing_is_worth_what_it_cost():
    parcel = abroad((known(), 2))
    line = parcel.order.lines.get()
    line.unit_price = line.net = line.tax = line.gross = Decimal(0)
    line.unit_cost = Decimal("3.50")
    line.save()

    assert papers.declared(parcel)[0].value == Decimal("7.00")
