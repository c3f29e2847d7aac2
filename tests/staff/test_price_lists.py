"""Price lists as staff keep them: pasted, looked at, put on, taken off."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import PriceList, PriceListEntry
from catalog.services import price_lists
from catalog.services.price_lists import BadRows
from tests.factories import TaxRateFactory, VariantFactory
from tests.factories.customers import GroupFactory, PriceListFactory, rungs

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(demo_market):
    return PriceListFactory(group=GroupFactory())


@pytest.fixture
def mug(demo_market):
    return VariantFactory(sku="MUG", price=Decimal("24.00"), cost=Decimal("9.00"))


def entries(price_list):
    rows = PriceListEntry.objects.filter(price_list=price_list).order_by(
        "variant__sku", "min_quantity"
    )
    return [
        (sku, least, f"{amount:.2f}")
        for sku, least, amount in rows.values_list("variant__sku", "min_quantity", "amount")
    ]


def problems(price_list, text):
    with pytest.raises(BadRows) as refusal:
        price_lists.apply(price_list=price_list, text=text)
    return [(one.line, one.words) for one in refusal.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "MUG,1,18.00\nMUG,12,16.00",
        "SKU,from units,price\r\nmug,1,18\r\n\r\nmug,12,16",
        "mug;1;18,00\nmug;12;16,00",
        "\ufeffMUG\t\t18.00\nMUG\t12\t16.00",
        "mug,18.00\nmug,12,16.00",
    ],
)
def test_a_table_is_taken_as_other_programs_write_it(trade, mug, text):
    price_lists.apply(price_list=trade, text=text)

    assert entries(trade) == [("MUG", 1, "18.00"), ("MUG", 12, "16.00")]


def test_every_line_that_is_wrong_is_named_and_nothing_is_changed(trade, mug):
    text = "MUG,1,18.00\nNOBODY,1,5\nMUG,many,4\nMUG,6,cheap\nMUG,6,1.234\nMUG,1,2,3\n,1,2"

    found = problems(trade, text)

    assert [line for line, _words in found] == [3, 4, 5, 6, 7]
    assert entries(trade) == []


def test_what_the_shop_does_not_know_is_named(trade, mug):
    assert problems(trade, "MUG,1,18\nNOBODY,1,5\nMUG,1,17") == [
        (2, "No piece has this SKU."),
        (3, "An earlier line says this already."),
    ]


def test_more_units_may_not_be_dearer(trade, mug):
    rungs(trade, mug, at_6="16.00")

    assert [line for line, _words in problems(trade, "MUG,12,17.00")] == [1]


def test_a_line_without_a_price_takes_its_rung_away(trade, mug):
    rungs(trade, mug, at_1="18.00", at_6="16.00")

    assert price_lists.apply(price_list=trade, text="MUG,6,") == 1

    assert entries(trade) == [("MUG", 1, "18.00")]


def test_the_same_table_twice_changes_nothing(trade, mug):
    price_lists.apply(price_list=trade, text="MUG,1,18.00")

    assert price_lists.apply(price_list=trade, text="MUG,1,18") == 0


def test_a_copy_is_switched_off(trade, mug):
    rungs(trade, mug, at_1="18.00")

    copy = price_lists.duplicate(price_list=trade)

    assert entries(copy) == entries(trade)
    assert (copy.name, copy.is_active, copy.group) == ("Trade (copy)", False, trade.group)


# On the staff site


def page_of(price_list):
    return reverse("admin:catalog_pricelist_prices", args=[price_list.pk])


def test_shows_first_what_would_change_and_what_it_leaves(owner, trade, mug):
    TaxRateFactory()

    answer = owner.post(page_of(trade), {"text": "MUG,1,18.00"})

    (row,) = answer.context["changes"]
    assert (row.sku, row.was, row.amount, row.everybody) == (
        "MUG",
        None,
        Decimal("18.00"),
        Decimal("24.00"),
    )
    # 18.00 is 15.00 before tax; 9.00 of it are the cost, 1.5 % and 0.20 the payment.
    assert f"{row.margin:.2f}" == "36.87"
    assert entries(trade) == []


def test_then_saves_it(owner, trade, mug):
    answer = owner.post(page_of(trade), {"text": "MUG,1,18.00", "save": "1"}, follow=True)

    assert entries(trade) == [("MUG", 1, "18.00")]
    assert "1 rung changed." in answer.text


def test_a_wrong_table_stays_in_the_field(owner, trade, mug):
    answer = owner.post(page_of(trade), {"text": "MUG,1,18.00\nNOBODY,1,5"})

    assert answer.status_code == 422
    assert "No piece has this SKU." in answer.text
    assert "NOBODY,1,5" in answer.context["form"]["text"].value()


def test_a_file_is_read_into_the_field(owner, trade, mug, tmp_path):
    file = tmp_path / "trade.csv"
    file.write_text("MUG,1,18.00")

    with file.open("rb") as opened:
        answer = owner.post(page_of(trade), {"file": opened})

    assert answer.context["form"]["text"].value() == "MUG,1,18.00"
    assert len(answer.context["changes"]) == 1


def test_what_it_makes_of_prices_is_found_by_sku(owner, demo_market, mug):
    VariantFactory(sku="MUG-B", price=Decimal("24.00"))
    everything = PriceListFactory(percent=Decimal(10))

    assert len(owner.get(page_of(everything)).context["rows"]) == 2
    (row,) = owner.get(page_of(everything), {"q": "mug-b"}).context["rows"]
    assert (row.sku, f"{row.amount:.2f}") == ("MUG-B", "21.60")


def test_marketing_looks_and_changes_nothing(sign_in, trade, mug):
    client = sign_in("marketing")

    page = client.get(page_of(trade))

    assert page.status_code == 200
    assert "Paste or upload" not in page.text
    assert "Margin %" not in page.text
    assert client.post(page_of(trade), {"text": "MUG,1,1"}).status_code == 403


def test_support_opens_no_table_of_another_shop(sign_in, trade):
    assert sign_in("warehouse").get(page_of(trade)).status_code == 403


def test_lists_are_duplicated_from_the_list(owner, trade):
    owner.post(
        reverse("admin:catalog_pricelist_changelist"),
        {"action": "duplicate", "_selected_action": [trade.pk]},
    )

    assert PriceList.objects.filter(is_active=False).count() == 1


def test_a_new_list_gets_its_prices_once_it_is_saved(owner, demo_market):
    page = owner.get(reverse("admin:catalog_pricelist_add"))

    assert page.status_code == 200
    assert "entries-0" not in page.text
