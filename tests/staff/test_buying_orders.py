"""Purchase orders in the admin: begun, filled, ordered, put off, called off."""

import pytest
from django.utils import timezone

from inventory.models import PurchaseOrder
from inventory.services import purchase_papers, purchases
from inventory.services.purchases import Wanted
from tests.factories import VariantFactory
from tests.factories.buying import came, draft_of, offer, on_order, supplier, warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]
LIST = "/admin/inventory/purchaseorder/"


@pytest.fixture
def manager(sign_in):
    return sign_in("manager")


def _page(order):
    return f"{LIST}{order.pk}/change/"


def _step(client, slug, *orders, **fields):
    query = "&".join(f"order={order.pk}" for order in orders)
    return client.post(f"{LIST}steps/{slug}/?{query}", fields, follow=True).content.decode()


def test_an_order_is_begun_and_lines_are_put_on_by_number(manager):
    by = supplier()
    one = offer(by, supplier_sku="TG-1", pack_size=6)

    manager.post(f"{LIST}add/", {"supplier": by.pk, "location": warehouse().pk})
    order = PurchaseOrder.objects.get()
    manager.post(_page(order), {"do": "add", "text": one.variant.sku.lower(), "quantity": 7})
    page = manager.post(
        _page(order), {"do": "add", "text": "tg-1", "quantity": 13}, follow=True
    ).content.decode()

    assert order.created_by is not None
    assert order.lines.get().quantity == 18
    assert "18 instead of 13" in page


def test_a_word_finds_pieces_to_choose_from(manager):
    by = supplier()
    one = offer(by, VariantFactory(product__title="Tall jug"))
    other = VariantFactory(product__title="Small jug")
    order = draft_of(by)

    answer = manager.post(_page(order), {"do": "add", "text": "jug", "quantity": 1}, follow=True)

    page = answer.content.decode()
    assert page.index(one.variant.sku) < page.index(other.sku)
    assert "not offered by this supplier" in page
    assert not order.lines.exists()


def test_lines_are_changed_and_taken_off_in_one_go(manager):
    by = supplier()
    mug = offer(by, cost="2.00", breaks=[(50, "1.50")]).variant
    bowl, jug = offer(by).variant, offer(by).variant
    order = draft_of(by, (mug, 5), (bowl, 3), (jug, 2))
    first, second, third = order.lines.order_by("position")

    manager.post(
        _page(order),
        {
            "do": "lines",
            f"line-{first.pk}-quantity": 60,
            f"line-{first.pk}-unit_cost": "2.000",
            f"line-{second.pk}-quantity": 3,
            f"line-{second.pk}-unit_cost": "1.85",
            f"line-{third.pk}-quantity": 2,
            f"line-{third.pk}-unit_cost": "2.000",
            f"line-{third.pk}-remove": "on",
        },
    )

    left = {line.variant_id: (line.quantity, str(line.unit_cost)) for line in order.lines.all()}
    assert left == {mug.pk: (60, "1.500"), bowl.pk: (3, "1.850")}


def test_the_page_says_why_a_line_is_suggested(manager):
    by = supplier()
    variant = offer(by).variant
    order = purchases.draft(
        supplier=by,
        location=warehouse(),
        lines=[
            Wanted(
                variant.pk,
                12,
                {
                    "available": 4,
                    "incoming": 0,
                    "owed": 0,
                    "drafted": 0,
                    "weekly": 5,
                    "days_of_cover": 6,
                    "lead_days": 14,
                    "safety_stock": 3,
                    "wanted": 12,
                    "reorder_point": 13,
                    "order_up_to": 16,
                    "units": 12,
                    "pack_size": 1,
                    "minimum": 1,
                },
            )
        ],
        now=timezone.now(),
        is_suggested=True,
    ).order

    page = manager.get(_page(order)).content.decode()

    assert "The reorder point is 13" in page
    assert "suggested by the shop" in page


def test_many_orders_are_ordered_at_once_with_a_word_for_each(manager):
    by = supplier()
    full, empty = draft_of(by, (offer(by).variant, 3)), draft_of(by)

    page = _step(manager, "order", full, empty)

    full.refresh_from_db()
    assert full.status == "ordered"
    assert f"{full.number}: ordered." in page
    assert f"{empty.number} has no lines." in page


def test_the_actions_of_the_list_ask_first(manager):
    by = supplier()
    order = draft_of(by, (offer(by).variant, 3))

    answer = manager.post(LIST, {"action": "cancel_chosen", "_selected_action": [order.pk]})

    assert answer.url == f"{LIST}steps/cancel/?order={order.pk}"
    assert order.number in manager.get(answer.url).content.decode()


def test_cancelling_needs_a_reason(manager):
    by = supplier()
    order = draft_of(by, (offer(by).variant, 3))

    _step(manager, "cancel", order)
    order.refresh_from_db()
    before = order.status
    _step(manager, "cancel", order, reason="Wrong supplier")

    order.refresh_from_db()
    assert (before, order.status) == ("draft", "canceled")


def test_a_delivery_is_put_off_and_what_came_is_closed_short(manager):
    by = supplier()
    order = on_order(by, (offer(by).variant, 10))
    came(order, 4)

    _step(manager, "reschedule", order, on="2031-04-01")
    order.refresh_from_db()
    expected = order.expected_on.isoformat()
    page = _step(manager, "close", order, reason="Discontinued")

    assert expected == "2031-04-01"
    assert "Discontinued" in page
    assert "instead of" in page


def test_one_piece_of_an_order_may_come_later_than_the_rest(manager):
    by = supplier()
    mug, bowl = offer(by).variant, offer(by).variant
    order = on_order(by, (mug, 10), (bowl, 3))

    page = _step(manager, "reschedule", order, on="2031-04-01", sku="nothing")
    _step(manager, "reschedule", order, on="2031-04-01", sku=bowl.sku)

    days = [line.expected_on.year for line in order.lines.order_by("position")]
    assert "nothing is not on it." in page
    assert days == [timezone.now().year, 2031]


def test_the_page_shows_what_came_and_what_it_cost(manager):
    by = supplier(minimum="500")
    order = on_order(by, (offer(by).variant, 10), freight="5.00")
    came(order, (6, 2), note="LS-4711")

    page = manager.get(_page(order)).content.decode()

    for words in ("LS-4711", "£5.00", "£12.00", "broken", "Receive"):
        assert words in page


def test_a_draft_says_what_stands_against_it(manager):
    by = supplier(minimum="500", freight_free_from="5", email="", currency="JPY")
    order = draft_of(by, (offer(by).variant, 10), freight="3.00")

    page = manager.get(_page(order)).content.decode()

    for words in ("takes orders from", "Freight is free from", "no e-mail", "no exchange rate"):
        assert words in page


def test_freight_is_entered_until_something_came(manager):
    by = supplier()
    order = on_order(by, (offer(by).variant, 10))
    terms = {"do": "terms", "freight": "7.50", "duty": "0", "share_by": "weight"}

    manager.post(_page(order), terms)
    order.refresh_from_db()
    before = (str(order.freight), order.share_by)
    came(order, 4)
    manager.post(_page(order), terms | {"freight": "9"})

    order.refresh_from_db()
    assert before == ("7.500", "weight")
    assert str(order.freight) == "7.500"


def test_the_pdf_is_shown_to_staff_who_see_orders(manager, client, sign_in):
    by = supplier()
    order = on_order(by, (offer(by).variant, 10))
    address = f"{LIST}{order.pk}/pdf/"
    none_yet = manager.get(address).status_code
    purchase_papers.make(order_id=order.pk)

    shown = manager.get(address)

    assert none_yet == 404
    assert shown["Content-Type"] == "application/pdf"
    assert b"".join(shown.streaming_content).startswith(b"%PDF")
    assert sign_in("marketing").get(address).status_code == 403


@pytest.mark.parametrize("slug", ["order", "cancel", "close", "reschedule", "resend"])
def test_the_warehouse_sees_orders_and_moves_none(sign_in, slug):
    by = supplier()
    order = draft_of(by, (offer(by).variant, 3))
    warehouse_staff = sign_in("warehouse")

    answer = warehouse_staff.post(f"{LIST}steps/{slug}/?order={order.pk}", {"reason": "x"})

    assert answer.status_code == 403
    assert warehouse_staff.get(_page(order)).status_code == 200
    assert warehouse_staff.post(_page(order), {"do": "lines"}).status_code == 403


def test_the_list_filters_and_finds_by_the_sku_of_a_line(manager):
    by = supplier()
    variant = offer(by).variant
    wanted, other = on_order(by, (variant, 3)), draft_of(by, (offer(by).variant, 3))

    found = manager.get(f"{LIST}?q={variant.sku}").content.decode()
    drafts = manager.get(f"{LIST}?status__exact=draft").content.decode()

    assert wanted.number in found
    assert other.number not in found
    assert wanted.number not in drafts
    assert all(
        manager.get(f"{LIST}?queue={queue}").status_code == 200 for queue in ("late", "open")
    )


def test_the_list_asks_as_little_for_many_as_for_one(manager, django_assert_max_num_queries):
    by = supplier()
    for _number in range(8):
        draft_of(by, (offer(by).variant, 3))
    manager.get(LIST)

    with django_assert_max_num_queries(16):
        manager.get(LIST)
