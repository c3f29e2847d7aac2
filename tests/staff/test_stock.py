"""Stock is corrected with a reason, in the ledger, and never below a promise."""

import pytest
from django.urls import reverse

from inventory.models import StockItem, StockMovement
from shop.outbox.models import Message
from tests.factories import in_stock, placed_order, stock_of

pytestmark = pytest.mark.django_db

LIST = "/admin/inventory/stockitem/"


def correction(*items):
    query = "&".join(f"item={item.pk}" for item in items)
    return f"{reverse('admin:inventory_stockitem_correction')}?{query}"


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def item_of(variant):
    return StockItem.objects.get(variant=variant)


def test_a_count_is_kept_with_its_reason(sign_in):
    variant = in_stock(10)
    item = item_of(variant)

    sign_in("warehouse").post(
        correction(item), {f"on_hand_{item.pk}": 7, "kind": "count", "reason": "Stock take"}
    )

    movement = StockMovement.objects.latest("pk")
    assert stock_of(variant) == (7, 0)
    assert (movement.kind, movement.on_hand_change, movement.reason) == ("count", -3, "Stock take")
    assert movement.actor.name == "Warehouse"


def test_each_row_is_reported(owner):
    fine, promised = in_stock(10), in_stock(10)
    placed_order(variant=promised, quantity=6)
    items = [item_of(fine), item_of(promised)]

    answer = owner.post(
        correction(*items),
        {f"on_hand_{item.pk}": 5 for item in items} | {"kind": "count", "reason": "Broken"},
    )

    assert sorted(text.split(":")[0] for text in told(answer)) == sorted([fine.sku, promised.sku])
    assert stock_of(fine) == (5, 0)
    assert stock_of(promised) == (10, 6)


def test_a_correction_needs_a_reason(owner):
    item = item_of(in_stock(10))

    answer = owner.post(correction(item), {f"on_hand_{item.pk}": 5, "kind": "count", "reason": ""})

    assert answer.status_code == 200
    assert stock_of(item.variant) == (10, 0)


def test_pages_learn_that_something_is_back(owner):
    variant = in_stock(0)
    item = item_of(variant)
    Message.objects.all().delete()

    owner.post(
        correction(item), {f"on_hand_{item.pk}": 50, "kind": "receipt", "reason": "Delivery"}
    )

    owed = Message.objects.get(topic="browsing.refresh_cards")
    assert owed.payload == {"product_ids": [variant.product_id]}


def test_levels_are_told_apart(owner):
    out, low, fine = in_stock(0), in_stock(2), in_stock(50)

    def skus(level):
        return [
            item.variant.sku for item in owner.get(LIST, {"level": level}).context["cl"].result_list
        ]

    assert (skus("out"), skus("low"), skus("fine")) == ([out.sku], [low.sku], [fine.sku])


def test_ticked_rows_lead_to_the_question(owner):
    item = item_of(in_stock(4))

    answer = owner.post(
        LIST, {"action": "correct_chosen", "_selected_action": [item.pk], "index": 0}
    )

    assert owner.get(answer.url).context["form"].items == [item]


def test_who_only_looks_corrects_nothing(sign_in):
    item = item_of(in_stock(4))

    answer = sign_in("support").post(
        correction(item), {f"on_hand_{item.pk}": 0, "kind": "count", "reason": "No"}
    )

    assert answer.status_code == 403
    assert stock_of(item.variant) == (4, 0)


def test_the_numbers_can_not_be_typed_over(owner):
    item = item_of(in_stock(4))

    owner.post(
        reverse("admin:inventory_stockitem_change", args=[item.pk]),
        {"on_hand": 99, "allocated": 9, "safety": 1, "low_at": 2}
        | {f"movements-{count}_FORMS": 0 for count in ("TOTAL", "INITIAL")},
    )

    item.refresh_from_db()
    assert (item.on_hand, item.allocated, item.safety, item.low_at) == (4, 0, 1, 2)


def test_the_list_asks_the_same_number_of_questions_for_many_rows(
    owner, django_assert_num_queries, django_assert_max_num_queries
):
    in_stock(3)
    owner.get(LIST)
    with django_assert_max_num_queries(20) as few:
        owner.get(LIST)
    for _ in range(7):
        in_stock(3)

    with django_assert_num_queries(len(few)):
        owner.get(LIST)
