"""The queue of short lines and the order's page: what staff see, and what they can do at once."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import Allocation, Backorder, Location, Shortage
from payments.models import GrantedRefund
from shop.processes import shortages
from tests.factories import in_stock, paid_order, stock_of
from tests.processes.handed_off import partner, stocked_at
from tests.processes.shorts import open_shortage, settled, short_order

pytestmark = pytest.mark.django_db
QUEUE = "admin:inventory_shortage_changelist"


def queue(browser, **asked):
    return browser.get(reverse(QUEUE), asked)


def order_page(browser, order):
    return browser.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def decide(browser, slug, *orders, **answers):
    holders = [order.lines.get().holder for order in orders]
    ids = Shortage.objects.filter(holder__in=holders).order_by("pk").values_list("pk", flat=True)
    url = reverse("admin:inventory_shortage_decision", args=[slug])
    query = "&".join(f"shortage={pk}" for pk in ids)
    return browser.post(f"{url}?{query}&back=state%3Dopen", answers, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def step(slug, order):
    return reverse("admin:orders_order_step", args=[slug]) + f"?order={order.pk}"


def test_the_orders_page_flags_a_short_line(owner):
    order = short_order()

    html = order_page(owner, order)

    assert "2 missing" in html
    assert "1 ready" in html
    assert f"shortage={open_shortage().pk}" in html


def test_the_orders_page_tells_what_comes_and_what_was_cancelled(owner):
    order = short_order(quantity=5, missing=2)
    line = order.lines.get()
    shortages.wait(order_id=order.pk, line_id=line.pk, reason="", actor=None, now=timezone.now())
    shortages.cancel_units(
        order_id=order.pk,
        units={line.pk: 1},
        reason="",
        key="1",
        actor=None,
        now=timezone.now(),
    )

    html = order_page(owner, order)

    assert "1 to come" in html
    assert "1 cancelled" in html
    assert "missing" not in html


def test_the_queue_finds_by_sku_number_mail_and_name(owner):
    order = short_order()
    other = short_order(email="bob@example.com", name="Bob Babbage")

    for words in (order.lines.get().sku, order.number, "alice@", "Byron"):
        html = queue(owner, q=words).content.decode()
        assert f">{order.number}<" in html
        assert f">{other.number}<" not in html


def test_the_queue_shows_what_waits_or_what_is_settled(owner):
    order, other = short_order(), short_order()
    decide(owner, "patience", other)

    html = queue(owner, state="open").content.decode()

    assert f">{order.number}<" in html
    assert f">{other.number}<" not in html


def test_the_queue_asks_the_database_as_often_for_many_as_for_one(
    owner, django_assert_max_num_queries
):
    for _each in range(6):
        short_order()

    with django_assert_max_num_queries(16):
        queue(owner)


def test_many_lines_wait_at_once_each_with_its_report(owner):
    order, other, late = short_order(), short_order(), short_order()
    shortages.cancel(
        order_id=late.pk,
        line_id=late.lines.get().pk,
        reason="",
        actor=None,
        now=timezone.now(),
    )

    response = decide(owner, "patience", order, other, late, reason="New kiln in May")

    assert Backorder.objects.count() == 2
    assert len(said(response)) == 3
    assert any(late.number in text and "settled meanwhile" in text for text in said(response))
    assert order.events.filter(axis="line", note__contains="New kiln in May").exists()


def test_one_piece_takes_the_place_in_many_orders(owner):
    order, other = short_order(), short_order()
    moss = in_stock(4, sku="MOSS-1")

    response = decide(owner, "substitute", order, other, sku="MOSS-1")

    assert stock_of(moss) == (4, 3)
    assert [outcome for _units, outcome in settled()] == ["substitute"]
    assert any("sold out" in text for text in said(response))


def test_what_is_there_is_sent_from_the_queue(owner):
    order = short_order()

    decide(owner, "part", order, carrier="DPD", tracking_number="1")

    assert order.fulfilments.get().tracking_number == "1"
    assert Backorder.objects.get().quantity == 2


def test_what_is_missing_is_cancelled_from_the_queue(owner):
    order = short_order()

    decide(owner, "cancellation", order, reason="Not made any more")

    assert order.lines.get().canceled == 2
    assert GrantedRefund.objects.get().total == 44


def test_the_piece_is_chosen_from_what_the_customer_is_offered(owner):
    order = short_order()
    url = reverse("admin:inventory_shortage_decision", args=["substitute"])

    page = owner.get(f"{url}?shortage={open_shortage().pk}")

    assert page.status_code == 200
    assert order.number in page.content.decode()


@pytest.mark.parametrize(
    ("role", "slug", "status"),
    [
        ("warehouse", "patience", 200),
        ("warehouse", "cancellation", 403),
        ("support", "cancellation", 200),
        ("support", "part", 403),
        ("catalogue", "patience", 403),
    ],
)
def test_everybody_decides_what_is_theirs(sign_in, role, slug, status):
    short_order()
    url = reverse("admin:inventory_shortage_decision", args=[slug])

    response = sign_in(role).get(f"{url}?shortage={open_shortage().pk}")

    assert response.status_code == status


def test_units_are_cancelled_on_the_orders_page_once_a_form(owner):
    order = paid_order(variant=in_stock(5), quantity=5)
    line = order.lines.get()
    form = owner.get(step("units", order)).context["form"]
    sent = {
        f"units_{line.pk}": 2,
        "reason": "Fewer will do",
        "key": str(form["key"].value()),
    }

    owner.post(step("units", order), sent)
    owner.post(step("units", order), sent)

    line.refresh_from_db()
    assert line.canceled == 2
    assert GrantedRefund.objects.get().total == 44


def test_shipping_starts_from_what_is_set_aside(owner):
    order = short_order()
    line = order.lines.get()

    form = owner.get(step("shipment", order)).context["form"]

    assert form[f"units_{line.pk}"].value() == 1
    assert "1 set aside here" in form.fields[f"units_{line.pk}"].help_text


def test_shipping_more_than_is_there_is_refused_in_words(owner):
    order = short_order()
    line = order.lines.get()

    response = owner.post(
        step("shipment", order),
        {f"units_{line.pk}": 3, "carrier": "", f"tracking_{order.pk}": ""},
        follow=True,
    )

    assert f"{line.sku}: 1 to ship now. 2 are missing." in said(response)[0]
    assert not order.fulfilments.exists()


def test_a_parcel_leaves_from_the_place_that_was_chosen(owner):
    here = Location.objects.create(code="main", name="Main store")
    shop = Location.objects.create(code="shop", name="Counter", kind="shop", position=1)
    variant = stocked_at(shop, 2, variant=stocked_at(here, 2))
    order = paid_order(variant=variant, quantity=3)
    line = order.lines.get()
    at_shop = {a.stock_item.location_id: a.quantity for a in _allocations(line)}[shop.pk]

    owner.post(
        step("shipment", order),
        {f"units_{line.pk}": at_shop, f"tracking_{order.pk}": "", "location": shop.pk},
    )

    assert order.fulfilments.get().location == shop


def _allocations(line):
    return Allocation.objects.filter(holder=line.holder).select_related("stock_item")


def test_hand_offs_are_listed_and_told_again(owner):
    partner(webhook_url="")
    order = paid_order(variant=stocked_at(Location.objects.get(kind="partner")), quantity=2)
    url = reverse("admin:shipping_handoff_changelist")

    html = owner.get(url).content.decode()
    response = owner.post(
        url, {"action": "tell", "_selected_action": order.hand_offs.get().pk}, follow=True
    )

    assert order.number in html
    assert "is told" in said(response)[0]
