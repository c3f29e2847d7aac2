"""The price sheet: every figure of a price, and the price for every margin."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import BundlePart, ExchangeRate, Price
from catalog.queries.price_sheet import Terms, sheet, terms_of
from catalog.queries.rounding import rounded_up
from tests.exported import without_mark
from tests.factories import MarketFactory, PriceFactory, VariantFactory

LIST = "admin:catalog_price_changelist"


@pytest.fixture
def mug(demo_market):
    """24.00 with 20 % tax inside, of which 9.00 are cost; paying costs 1.5 % and 0.20."""
    return VariantFactory(sku="MUG", price=Decimal("24.00"), cost=Decimal("9.00"))


def row_of(variant, **fields):
    return sheet(Price.objects.select_related("market"), now=timezone.now()).get(
        variant=variant, **fields
    )


def figures(row):
    names = ("gross", "net", "tax", "cost", "fee", "contribution", "margin")
    return {name: f"{getattr(row, name):.2f}" for name in names}


@pytest.mark.django_db
def test_takes_tax_cost_and_fee_out_of_a_price(mug):
    assert figures(row_of(mug)) == {
        "gross": "24.00",
        "net": "20.00",
        "tax": "4.00",
        "cost": "9.00",
        "fee": "0.56",
        "contribution": "10.44",
        "margin": "52.20",
    }


@pytest.mark.django_db
def test_a_price_without_tax_gets_it_on_top(mug):
    MarketFactory()
    mug.prices.get().market.__class__.objects.update(prices_include_tax=False)

    found = figures(row_of(mug))

    assert (found["gross"], found["net"], found["tax"]) == ("28.80", "24.00", "4.80")


@pytest.mark.django_db
def test_a_sale_lowers_the_margin(mug):
    Price.objects.update(sale_amount="12.00")

    assert figures(row_of(mug))["net"] == "10.00"


@pytest.mark.django_db
def test_without_a_cost_there_is_no_margin(demo_market):
    row = row_of(VariantFactory(price=Decimal("24.00")))

    assert (row.cost, row.contribution, row.margin) == (None, None, None)


@pytest.mark.django_db
def test_a_bundle_costs_what_its_parts_do(mug):
    bundle = VariantFactory(price=Decimal("60.00"))
    BundlePart.objects.create(bundle=bundle, part=mug, quantity=2)

    assert f"{row_of(bundle).cost:.2f}" == "18.00"


@pytest.mark.django_db
def test_a_bundle_with_a_part_of_unknown_cost_has_none(mug):
    bundle = VariantFactory(price=Decimal("60.00"))
    BundlePart.objects.create(bundle=bundle, part=mug, quantity=2)
    BundlePart.objects.create(bundle=bundle, part=VariantFactory(), quantity=1)

    assert row_of(bundle).cost is None


@pytest.mark.django_db
def test_costs_are_converted_at_the_rate_of_the_day(mug):
    eu = MarketFactory(eu=True)
    PriceFactory(variant=mug, market=eu, amount=Decimal("30.00"))

    assert row_of(mug, market=eu).cost is None
    ExchangeRate.objects.create(base="GBP", quote="EUR", rate="1.2", at=timezone.now())

    assert f"{row_of(mug, market=eu).cost:.2f}" == "10.80"


@pytest.mark.django_db
def test_any_number_of_rows_takes_five_queries(mug, django_assert_max_num_queries):
    VariantFactory.create_batch(5)

    with django_assert_max_num_queries(5):
        assert len(sheet(Price.objects.all(), now=timezone.now())) == 6


@pytest.mark.django_db
def test_break_even_leaves_nothing(mug):
    row = row_of(mug)
    terms = terms_of(row)

    even = terms.priced(row.cost)

    # net 9.37 = cost 9.00 + 0.20 + 1.5 % of 11.25
    assert even == Decimal("11.25")
    assert 0 <= terms.margin(even, row.cost) < Decimal("0.1")


TERMS = st.builds(
    Terms,
    rate=st.sampled_from([Decimal(0), Decimal("0.055"), Decimal("0.2"), Decimal("0.27")]),
    fee=st.decimals(min_value=0, max_value="0.1", places=4),
    fixed=st.decimals(min_value=0, max_value=2, places=2),
    includes_tax=st.booleans(),
    rounding=st.sampled_from(["", "0.99", "0.95", "0.90", "1", "0.05"]),
    currency=st.sampled_from(["GBP", "EUR", "JPY", "KWD"]),
)


@settings(max_examples=2000)
@given(
    TERMS,
    st.decimals(min_value=0, max_value=500, places=2),
    st.decimals(min_value="0.01", max_value="0.8", places=2),
)
def test_the_suggested_price_never_misses_its_margin(terms, cost, margin):
    price = terms.priced(cost, margin=margin)

    assert price is not None
    found = terms.margin(price, cost)
    assert found is None or found >= margin * 100 - Decimal("0.000001")


def test_a_margin_that_nothing_can_leave_has_no_price():
    terms = Terms(Decimal("0.2"), Decimal("0.015"), Decimal(0), True, "", "GBP")

    assert terms.priced(Decimal(9), margin=Decimal("0.99")) is None


@given(
    st.decimals(min_value=0, max_value=500, places=4),
    st.sampled_from(["", "0.99", "0.95", "0.90", "1", "0.05"]),
    st.sampled_from(["GBP", "JPY", "KWD"]),
)
def test_rounding_up_never_goes_down(amount, rule, currency):
    assert rounded_up(amount, rule, currency) >= amount


# On the staff site


def shown(client, **query):
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return [row.variant.sku for row in page.context["cl"].result_list]


@pytest.fixture
def goods(mug):
    VariantFactory(sku="POOR", price=Decimal("24.00"), cost=Decimal("18.00"))
    VariantFactory(sku="UNKNOWN", price=Decimal("24.00"))


@pytest.mark.django_db
def test_is_filtered_by_margin_and_sorted_by_it(owner, goods):
    assert shown(owner, below="40") == ["POOR"]
    assert shown(owner, below="60%", o="9") == ["POOR", "MUG"]
    assert len(shown(owner, below="nonsense")) == 3


@pytest.mark.django_db
def test_is_found_by_sku_and_by_product(owner, goods, mug):
    assert shown(owner, q="poo") == ["POOR"]
    assert shown(owner, variant__product__id__exact=mug.product_id) == ["MUG"]


@pytest.mark.django_db
def test_suggests_a_price_for_the_margin_asked_for(owner, mug):
    page = owner.get(reverse(LIST), {"target": "50"}).text

    # net (9.00 + 0.20) / (1 - 0.5 - 0.018) = 19.087, with tax 22.91
    assert "22.91" in page


@pytest.mark.django_db
def test_comes_as_a_file(owner, goods):
    lines = b"".join(owner.get(reverse("admin:catalog_price_csv_changelist"))).decode()

    assert "52.2" in lines
    assert len(without_mark(lines).splitlines()) == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("catalogue", 200),
        ("manager", 200),
        ("marketing", 403),
        ("support", 403),
        ("warehouse", 403),
    ],
)
def test_costs_are_for_those_who_price(sign_in, mug, role, status):
    client = sign_in(role)

    assert client.get(reverse(LIST)).status_code == status
    assert client.get(reverse("admin:catalog_price_csv_changelist")).status_code == status
