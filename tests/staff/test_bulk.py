"""Several products at once: one form for all of them, or a page of boxes."""

from decimal import Decimal

import pytest

from catalog.models import Category, ImportRun, Price, Product, Variant
from tests.factories import CategoryFactory, MarketFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/product/"
GRID = f"{LIST}grid/"
RUNS = "/admin/catalog/importrun/"
NOTHING = {"ending": "exact", "was": "keep"}


@pytest.fixture
def mugs(demo_market):
    """Two products, of which the second can't be archived and sold at once."""
    first = ProductFactory(title="Ash mug", tags=["new", "gift"])
    second = ProductFactory(title="Moss mug", status="archived")
    VariantFactory(product=first, sku="ASH", price=Decimal("22.00"))
    VariantFactory(product=second, sku="MOSS", price=Decimal("26.00"))
    return [first, second]


def tick(client, products, action="edit_several"):
    ids = [one.pk for one in products]
    return client.post(LIST, {"action": action, "_selected_action": ids, "index": 0})


def ask(client, products, **wish):
    ids = ",".join(str(one.pk) for one in products)
    return client.post(f"{LIST}several/", {**NOTHING, "ids": ids, **wish})


def run_of(answer):
    return ImportRun.objects.get(pk=answer.url.split("/")[-3])


def apply(client, run):
    client.post(f"{RUNS}{run.pk}/apply/")
    run.refresh_from_db()


# One form for all


def test_ticked_rows_lead_to_one_form(owner, mugs):
    page = tick(owner, mugs).content.decode()

    assert "Ash mug · Moss mug" in page
    assert f'value="{mugs[0].pk},{mugs[1].pk}"' in page or "id_ids" in page


def test_what_would_change_is_shown_before_it_does(owner, mugs):
    answer = ask(owner, mugs, brand="Weft", more_tags="spring", fewer_tags="New")

    run = run_of(answer)
    page = owner.get(answer.url).content.decode()
    assert run.status == "ready"
    assert "Weft" in page
    assert "new, gift" in page
    assert "gift, spring" in page
    assert Product.objects.filter(brand="Weft").count() == 0

    apply(owner, run)
    assert Product.objects.filter(brand="Weft").count() == 2
    assert Product.objects.get(title="Ash mug").tags == ["gift", "spring"]


def test_each_row_says_whether_it_went_in(owner, mugs):
    run = run_of(ask(owner, mugs, status="phase_out"))
    apply(owner, run)

    outcomes = {row.before["@product"]: (row.outcome, row.problem) for row in run.rows.all()}
    assert outcomes[str(mugs[0].pk)] == ("updated", "")
    assert outcomes[str(mugs[1].pk)][0] == "refused"
    assert "can't go from “Archived” to “Selling out”" in outcomes[str(mugs[1].pk)][1]
    assert Product.objects.get(title="Ash mug").status == "phase_out"


@pytest.mark.parametrize(
    ("wish", "prices"),
    [
        ({"per_cent": "-10"}, ["19.80", "23.40"]),
        ({"per_cent": "-10", "ending": "95"}, ["19.95", "22.95"]),
        ({"per_cent": "10", "ending": "whole"}, ["24.00", "29.00"]),
        ({"amount": "18.5"}, ["18.50", "18.50"]),
    ],
)
def test_prices_change_by_per_cent_or_to_an_amount(owner, mugs, wish, prices):
    apply(owner, run_of(ask(owner, mugs, **wish)))

    found = Price.objects.order_by("variant__sku").values_list("amount", flat=True)
    assert [f"{amount:.2f}" for amount in found] == prices


def test_a_reduction_can_show_the_price_until_now(owner, mugs):
    eu = MarketFactory(eu=True)
    Price.objects.create(variant=Variant.objects.get(sku="ASH"), market=eu, amount=Decimal(30))

    apply(owner, run_of(ask(owner, mugs, market="uk", per_cent="-50", was="earlier")))

    price = Price.objects.get(variant__sku="ASH", market__code="uk")
    assert (price.amount, price.compare_at) == (Decimal(11), Decimal(22))
    assert Price.objects.get(market=eu).amount == Decimal(30)


def test_a_category_is_set_and_emptied(owner, mugs):
    CategoryFactory(name="Bowls")
    apply(owner, run_of(ask(owner, mugs, category="bowls")))
    assert {one.category.url_path for one in Product.objects.all()} == {"bowls"}

    apply(owner, run_of(ask(owner, mugs, emptied=["category"])))
    assert {one.category_id for one in Product.objects.all()} == {None}
    assert Category.objects.filter(url_path="bowls").exists()


def test_edits_of_several_are_taken_back_like_an_import(owner, mugs):
    run = run_of(ask(owner, mugs, brand="Weft"))
    apply(owner, run)

    owner.post(f"{RUNS}{run.pk}/undo/")

    assert ImportRun.objects.get(pk=run.pk).status == "undoing"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, "Nothing is to be changed"),
        ({"per_cent": "5", "amount": "5"}, "not both"),
        ({"per_cent": "-99"}, "greater than or equal to -95"),
        ({"published_at": "soon"}, "is no moment"),
        ({"category": "no/such"}, "Select a valid choice"),
        ({"brand": "x" * 101}, "at most 100 characters"),
        ({"brand": "Weft", "emptied": ["brand"]}, "set and emptied"),
    ],
)
def test_a_form_that_asks_for_nothing_sensible_says_so(owner, mugs, wish, words):
    answer = ask(owner, mugs, **wish)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_who_may_only_look_edits_nothing(sign_in, mugs):
    warehouse = sign_in("warehouse")

    assert ask(warehouse, mugs, brand="Mine").status_code == 403
    assert warehouse.get(GRID).status_code == 403


# A page of boxes


def boxes(client, query=""):
    """What a browser would send back from the grid without touching anything."""
    data = {}
    for row in client.get(f"{GRID}{query}").context["rows"]:
        for cell in filter(None, row.cells):
            data[cell.name], data[f"was-{cell.name}"] = cell.text, cell.was
    return data


def name_of(column, sku):
    return f"{column}-{Variant.objects.get(sku=sku).pk}"


def test_only_the_changed_rows_are_written(owner, mugs):
    data = boxes(owner)

    answer = owner.post(
        GRID, data | {name_of("title", "ASH"): "Ash cup", name_of("price:uk", "ASH"): "23"}
    )

    assert answer.status_code == 302
    assert Product.objects.filter(title="Ash cup").exists()
    assert Price.objects.get(variant__sku="ASH").amount == Decimal(23)
    assert [one.history.count() for one in Product.objects.order_by("title")] == [2, 1]


def test_a_row_that_changed_since_it_was_loaded_is_not_overwritten(owner, mugs):
    data = boxes(owner)
    Product.objects.filter(title="Ash mug").update(title="Their mug")

    answer = owner.post(GRID, data | {name_of("title", "ASH"): "My mug"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "it is “Their mug” now" in page
    assert 'value="My mug"' in page
    assert Product.objects.filter(title="Their mug").exists()


def test_bad_values_are_refused_in_their_row_and_the_others_go_in(owner, mugs):
    data = boxes(owner)

    answer = owner.post(
        GRID, data | {name_of("weight_g", "ASH"): "heavy", name_of("weight_g", "MOSS"): "500"}
    )

    assert "“heavy” is not a number" in answer.content.decode()
    assert dict(Variant.objects.values_list("sku", "grams")) == {"ASH": 390, "MOSS": 500}


def test_the_grid_holds_the_list_as_it_is_filtered(owner, mugs):
    rows = owner.get(f"{GRID}?status__exact=archived").context["rows"]

    assert [row.piece.variant.sku for row in rows] == ["MOSS"]


@pytest.mark.parametrize(
    "query", ["?page=-1", "?page=9999999", "?in=xx", "?q=%F0%9F%8D%B5", "?o=9"]
)
def test_odd_addresses_of_the_grid_show_a_page(owner, mugs, query):
    assert owner.get(f"{GRID}{query}").status_code in (200, 302)


def test_what_was_typed_is_never_markup(owner, mugs):
    data = boxes(owner)

    owner.post(GRID, data | {name_of("title", "ASH"): "<script>alert(1)</script>"})

    assert "<script>alert(1)" not in owner.get(GRID).content.decode()
    assert "<script>alert(1)" not in owner.get(LIST).content.decode()


@pytest.mark.parametrize("page", ["grid/", "export/csv/", "export/xlsx/", "list.csv"])
@pytest.mark.parametrize(
    "query", ["category__id__exact=abc", "published_at__gte=soon", "nonsense=1", "status__exact=x"]
)
def test_filters_that_say_nothing_are_no_error_of_ours(owner, mugs, page, query):
    answer = owner.get(f"{LIST}{page}?{query}")

    answer.close()
    assert answer.status_code in (200, 302, 400)


# Worst first


def test_the_list_shows_what_is_missing_and_where_it_is_filled(owner, mugs):
    Product.objects.filter(title="Ash mug").update(completeness=40, gaps=["image", "gtin"])
    Product.objects.filter(title="Moss mug").update(completeness=90, gaps=["gtin"])

    page = owner.get(LIST)
    worst = next(
        t["link"] for t in page.context["list_head"]["tools"] if t["words"] == "Worst first"
    )
    first = owner.get(f"{LIST}{worst}").context["cl"].result_list[0]
    found = owner.get(f"{LIST}?gap=image").context["cl"].result_list

    assert first.title == "Ash mug"
    assert [one.title for one in found] == ["Ash mug"]
    assert f'/admin/catalog/product/{first.pk}/change/#images-group">No picture' in (
        page.content.decode()
    )
