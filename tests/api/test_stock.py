import pytest

from inventory.models import Location, StockItem, StockMovement
from shop.audit.models import Entry
from tests.factories import VariantFactory, in_stock, placed_order, stock_of

pytestmark = pytest.mark.django_db


def test_tells_what_lies_where(calling):
    order = placed_order(variant=in_stock(10, sku="MUG-ASH"), quantity=3)
    assert order

    (level,) = calling("stock:read").get("/stock?sku=mug-ash").json()["data"]

    assert (level["sku"], level["location"]) == ("MUG-ASH", "main")
    assert (level["on_hand"], level["available"]) == (10, 7)


def test_finds_nothing_at_a_place_without_stock(calling):
    in_stock(10)

    assert calling().get("/stock?location=elsewhere").json()["data"] == []


@pytest.mark.parametrize(
    ("path", "figure", "left"),
    [("changes", {"change": -4}, 6), ("changes", {"change": 5}, 15), ("counts", {"on_hand": 8}, 8)],
)
def test_changes_what_is_on_hand_with_a_movement_that_says_who(calling, path, figure, left):
    variant = in_stock(10, sku="MUG-ASH")

    answer = calling("stock:write").post(
        f"/stock/{path}", {"sku": "mug-ash", "reason": "found one", **figure}
    )

    assert answer.status_code == 201
    assert answer.json() == {
        "id": StockItem.objects.get(variant=variant).pk,
        "on_hand": left,
        "change": left - 10,
    }
    assert stock_of(variant) == (left, 0)
    last = StockMovement.objects.order_by("-pk").first()
    assert (last.reason, last.on_hand_change) == ("Till: found one", left - 10)


def test_takes_nothing_that_is_promised_to_an_order(calling):
    variant = in_stock(10, sku="MUG-ASH")
    placed_order(variant=variant, quantity=8)

    answer = calling().post("/stock/counts", {"sku": "MUG-ASH", "on_hand": 5})

    assert answer.status_code in (201, 409)
    assert stock_of(variant)[0] >= stock_of(variant)[1]


def test_refuses_to_take_more_than_there_is(calling):
    variant = in_stock(2, sku="MUG-ASH")

    answer = calling().post("/stock/changes", {"sku": "MUG-ASH", "change": -3})

    assert answer.status_code == 409
    assert "2" in answer.json()["detail"]
    assert stock_of(variant) == (2, 0)


def test_brings_the_first_units_to_a_place(calling):
    VariantFactory(sku="MUG-ASH")
    Location.objects.create(code="shop", name="Shop counter", kind="shop")

    answer = calling().post("/stock/changes", {"sku": "MUG-ASH", "location": "shop", "change": 6})

    assert answer.status_code == 201
    assert StockItem.objects.get(location__code="shop").on_hand == 6


@pytest.mark.parametrize("part", [{"sku": "NOBODY"}, {"location": "nowhere"}])
def test_says_when_it_knows_no_such_goods_or_place(calling, part):
    in_stock(sku="MUG-ASH")

    answer = calling().post("/stock/changes", {"sku": "MUG-ASH", "change": 1, **part})

    assert answer.status_code == 404
    assert not StockMovement.objects.filter(kind="adjustment").exists()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"sku": "MUG-ASH"}, "body.change"),
        ({"sku": "MUG-ASH", "change": "some"}, "body.change"),
        ({"sku": "MUG-ASH", "change": 10**9}, "body.change"),
        ({"sku": "", "change": 1}, "body.sku"),
        ({"sku": "MUG-\x00", "change": 1}, "body.sku"),
        ({"sku": "\ud800", "change": 1}, "body.sku"),
        ({"sku": "MUG-ASH", "change": 1, "batch": "7"}, "body.batch"),
        ([], "body"),
    ],
)
def test_says_what_is_wrong_with_a_body(calling, body, where):
    answer = calling().post("/stock/changes", body)

    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


def test_writes_into_the_log_which_key_changed_a_row(calling):
    in_stock(sku="MUG-ASH")

    calling().post("/stock/changes", {"sku": "MUG-ASH", "change": 1})

    entry = Entry.objects.get(table="inventory_stockitem", act="update")
    assert entry.actor_name.startswith("API key Till (mk_")
    assert entry.path == "/api/v1/stock/changes"
