"""Goods at the door: scanned one by one, kept until they are booked in, booked in once."""

import pytest
from django.urls import reverse

from inventory.models import Batch, PurchaseOrder, Receipt
from tests.factories import VariantFactory
from tests.factories.floor import at, on_order, tomorrow, tracked

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    return VariantFactory(sku="MUG-1", barcode="5012345678900")


@pytest.fixture
def order(mug):
    return on_order({mug: 12}, name="Stoke Kilns")


def page(order):
    return reverse("inventory:receiving_order", args=[order.number])


def scan(client, order, code, **fields):
    return client.post(page(order), {"scan": code, "action": "scan"} | fields)


def now_of(client, order):
    """What the page shows as counted now, line by line."""
    rows = client.get(page(order)).context["rows"]
    return [row["typed"].get("now", "") for row in rows]


def book(client, order, **fields):
    key = client.get(page(order)).context["tally"].key
    return client.post(page(order), {"key": str(key), "action": "book"} | fields)


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_every_scan_adds_one_and_a_reload_loses_nothing(packer, order):
    scan(packer, order, "MUG-1")
    scan(packer, order, "5012345678900")

    assert now_of(packer, order) == ["2"]
    assert now_of(packer, order) == ["2"]


def test_a_scan_leads_back_to_the_line_it_counted(packer, order):
    answer = scan(packer, order, "mug-1")

    line = order.lines.get()
    assert answer.url == f"{page(order)}?at={line.pk}#line-{line.pk}"


def test_twelve_are_said_with_a_star(packer, order):
    scan(packer, order, "12*MUG-1")

    assert now_of(packer, order) == ["12"]


def test_the_suppliers_own_code_is_understood(packer, order):
    order.lines.update(supplier_sku="SK 77")

    scan(packer, order, "sk 77")

    assert now_of(packer, order) == ["1"]


def test_what_is_not_on_the_order_is_refused_in_words(packer, order):
    VariantFactory(sku="BOWL-1", product__title="Bowl, oak ash")

    answer = scan(packer, order, "BOWL-1")

    assert answer.status_code == 409
    assert "Not on this order: BOWL-1. Bowl, oak ash" in answer.content.decode()
    assert now_of(packer, order) == [""]


def test_typed_figures_survive_a_scan_and_a_wrong_one(packer, order):
    line = order.lines.get()
    typed = {f"now_{line.pk}": "5", f"rejected_{line.pk}": "1", "delivery_note": "DN-4"}

    scan(packer, order, "NOTHING", **typed)

    context = packer.get(page(order)).context
    assert context["rows"][0]["typed"]["now"] == "5"
    assert context["rows"][0]["typed"]["rejected"] == "1"
    assert context["tally"].delivery_note == "DN-4"


def test_booking_in_raises_the_stock_and_empties_the_list(packer, order, mug):
    scan(packer, order, "7*MUG-1")

    book(packer, order, delivery_note="DN-4")

    order.refresh_from_db()
    assert at(mug).on_hand == 7
    assert at(mug).incoming == 5
    assert order.status == PurchaseOrder.Status.PARTIALLY_RECEIVED
    assert order.receipts.get().delivery_note == "DN-4"
    assert now_of(packer, order) == [""]


def test_a_form_sent_twice_is_one_delivery(packer, order, mug):
    scan(packer, order, "7*MUG-1")
    line = order.lines.get()
    key = str(packer.get(page(order)).context["tally"].key)
    form = {"key": key, "action": "book", f"now_{line.pk}": "7"}
    packer.post(page(order), form)

    answer = packer.post(page(order), form)

    assert at(mug).on_hand == 7
    assert "booked in already" in told(answer)[-1]
    assert now_of(packer, order) == [""]


def test_refused_units_need_a_reason_and_do_not_raise_the_stock(packer, order, mug):
    line = order.lines.get()
    without = book(packer, order, **{f"now_{line.pk}": "10", f"rejected_{line.pk}": "2"})

    book(packer, order, **{f"reason_{line.pk}": "chipped"})

    assert without.status_code == 409
    assert at(mug).on_hand == 10
    assert Receipt.objects.get().lines.get().reason == "chipped"


def test_far_too_many_are_asked_about_first(packer, order, mug):
    line = order.lines.get()
    asked = book(packer, order, **{f"now_{line.pk}": "30"})

    key = str(asked.context["tally"].key)
    packer.post(page(order), {"key": key, "action": "book_over"})

    assert asked.status_code == 409
    assert "Yes, book all of it in" in asked.content.decode()
    assert at(mug).on_hand == 30


def test_nonsense_in_a_field_is_named_and_stays_to_be_mended(packer, order, mug):
    line = order.lines.get()

    answer = book(packer, order, **{f"now_{line.pk}": "a dozen"})

    assert answer.status_code == 409
    assert "MUG-1: “a dozen” is no number of units." in answer.content.decode()
    assert 'value="a dozen"' in answer.content.decode()


def test_a_batch_comes_with_its_day(packer, demo_market):
    tea = tracked(sku="TEA-1")
    order = on_order({tea: 10})
    line = order.lines.get()
    day = tomorrow().isoformat()

    book(
        packer,
        order,
        **{f"now_{line.pk}": "10", f"batch_{line.pk}": "L7", f"best_before_{line.pk}": day},
    )

    batch = Batch.objects.get()
    assert (batch.code, batch.expires_on, batch.on_hand) == ("L7", tomorrow(), 10)


def test_starting_again_forgets_the_list_and_books_nothing(packer, order, mug):
    scan(packer, order, "MUG-1")

    packer.post(page(order), {"action": "clear"})

    assert now_of(packer, order) == [""]
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("words", ["stoke", "MUG-1", "5012345678900"])
def test_an_order_is_found_by_what_stands_on_the_box(packer, order, words):
    other = on_order({VariantFactory(sku="BOWL-7"): 3})

    found = packer.get(reverse("inventory:receiving"), {"q": words}).context["page"]

    assert [one.number for one in found] == [order.number] != [other.number]


def test_an_empty_list_says_so(packer, demo_market):
    answer = packer.get(reverse("inventory:receiving"), {"q": "nobody"})

    assert "Nothing to receive" in answer.content.decode()


def test_who_may_not_receive_is_told_no(sign_in, order):
    assert sign_in("support").post(page(order), {"scan": "MUG-1"}).status_code == 403
    assert sign_in("catalogue").get(reverse("inventory:receiving")).status_code == 403


def test_drafts_are_no_deliveries(packer, order):
    PurchaseOrder.objects.filter(pk=order.pk).update(status="draft")

    assert packer.get(page(order)).status_code == 404
