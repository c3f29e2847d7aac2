"""A variant's stock on one page: buckets, who waits, what comes, its movements, its policy."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import (
    Backorder,
    Bin,
    BinItem,
    Location,
    PurchaseOrder,
    StockItem,
    StockPolicy,
)
from orders.models import OrderLine
from tests.analytics.stock.shelves import corrected, delivered, links_of, text_of, week
from tests.factories import VariantFactory, placed_order
from tests.factories.people import staff
from tests.factories.sourcing import forecast_of, offered, supplier

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


def page_of(variant):
    return reverse("analytics:stock_variant", args=[variant.sku])


def policy_of(variant):
    return reverse("analytics:stock_policy", args=[variant.sku])


def asked(**values):
    return {
        "selling": "shelf",
        "limit": 0,
        "lead_days": 21,
        "available_on": "",
        "days_fresh": 0,
        "is_reordered": "on",
        "service_level": "",
    } | values


def bought(variant, quantity=20, *, days=10):
    item = variant.stock_items.first()
    order = PurchaseOrder.objects.create(
        number="P1001",
        supplier=supplier(),
        location=item.location,
        status="ordered",
        currency="GBP",
        created_at=timezone.now(),
        ordered_at=timezone.now(),
        expected_on=TODAY + dt.timedelta(days=days),
    )
    order.lines.create(variant=variant, quantity=quantity, unit_cost=5)
    return order


def backorder(line, units=2):
    StockPolicy.objects.get_or_create(
        variant=line.variant, defaults={"selling": "backorder", "limit": 99, "waiting": 50}
    )
    return Backorder.objects.create(
        holder=line.holder,
        variant=line.variant,
        quantity=units,
        created_at=timezone.now(),
        promised_on=TODAY,
    )


def test_every_bucket_is_shown_at_every_location(manager):
    variant = delivered(20)
    item = variant.stock_items.get()
    item.allocated, item.reserved, item.safety, item.incoming, item.damaged = 3, 2, 4, 40, 1
    item.save()
    shop = Location.objects.create(code="shop", name="Shop", position=5)
    StockItem.objects.create(variant=variant, location=shop, on_hand=7)
    shelf = Bin.objects.create(location=item.location, code="A-01")
    BinItem.objects.create(bin=shelf, stock_item=item)

    table = manager.get(page_of(variant)).context["tables"]["places"]

    first, second = ([str(cell.text) for cell in row] for row in table.rows)
    assert first[1:9] == ["20", "3", "2", "4", "11", "40", "1", "A-01"]
    assert second[:2] == ["Shop", "7"]
    assert [str(cell.text) for cell in table.foot[0][1:6]] == ["27", "3", "2", "4", "18"]


def test_who_has_units_and_who_waits_is_linked_to_orders(manager):
    variant = delivered(20)
    order = placed_order(variant=variant, quantity=6)
    late = placed_order(variant=variant, quantity=1)
    backorder(OrderLine.objects.get(order=late))

    tables = manager.get(page_of(variant)).context["tables"]

    promised, waiting = tables["promised"].rows, tables["waiting"].rows
    assert {row[0].text for row in promised} == {order.number, late.number}
    assert [(row[0].text, row[-1].text) for row in waiting] == [(late.number, "2")]
    assert promised[0][0].url == reverse("admin:orders_order_change", args=[order.pk])


def test_offers_and_open_orders_are_shown(manager):
    variant = delivered(5)
    offered(variant, "4.20")
    bought(variant, 20)

    tables = manager.get(page_of(variant)).context["tables"]

    assert "£4.20" in str(tables["offers"].rows[0][2].text)
    assert [str(cell.text) for cell in tables["purchases"].rows[0]][:1] == ["P1001"]
    assert tables["purchases"].rows[0][-1].text == "20"


def test_the_chart_shows_past_stock_what_is_expected_and_the_reorder_point(manager):
    variant = delivered(30, on="2026-08-03 09:00")
    corrected(variant, -10, on="2026-10-12 09:00")
    week(variant, "2026-10-12", units=4)
    forecast_of(variant, "5")
    bought(variant, 20, days=10)

    answer = manager.get(page_of(variant))

    weeks = {row[0].text: [cell.text for cell in row[1:]] for row in answer.context["weeks"].rows}
    assert weeks["5 Oct"][0] == "30"
    assert weeks["12 Oct"][:2] == ["20", "4"]
    assert weeks["23 Nov"][2:] == ["5", "2", "8", "15"]
    # The purchase order comes in this week.
    assert weeks["30 Nov"][5] == "30"
    page = answer.content.decode()
    assert "Reorder point, 17" in page
    assert re.search(r'class="plot__band" d="M[0-9]', page)


def test_a_variant_without_a_forecast_has_a_chart_all_the_same(manager):
    answer = manager.get(page_of(delivered(3)))

    assert "No forecast yet" in text_of(answer)
    assert 'class="plot__line"' in answer.content.decode()


def test_movements_are_listed_by_kind_and_in_pages(manager):
    variant = delivered(200)
    for number in range(30):
        corrected(variant, -1, on=f"2026-11-10 09:{number:02}")

    first = manager.get(page_of(variant))
    counts = manager.get(page_of(variant), {"kind": "count", "page": 2})

    assert (len(first.context["movements"].rows), first.context["page"].paginator.count) == (25, 31)
    assert len(counts.context["movements"].rows) == 5
    assert {row[1].text for row in counts.context["movements"].rows} == {"Count"}


def test_its_value_is_told_at_the_average_and_first_in_first_out(manager):
    variant = delivered(10, "4.00", on="2026-08-01 09:00")
    delivered(10, "6.00", on="2026-09-01 09:00", variant=variant)
    corrected(variant, -10)

    facts = dict(manager.get(page_of(variant)).context["worth"].facts)

    assert facts["Average cost"].text == "£5.00"
    assert facts["Value at the average"].text == "£50.00"
    assert facts["Value first in, first out"].text == "£60.00"


def test_the_warehouse_sees_shelves_but_no_costs(warehouse):
    variant = delivered(10, "4.44")
    offered(variant, "4.44")

    answer = warehouse.get(page_of(variant))

    assert answer.status_code == 200
    assert answer.context["worth"] is None
    assert "4.44" not in answer.content.decode()


def test_marketing_sees_no_stock(client):
    client.force_login(staff("marketing"))

    assert client.get(page_of(delivered(1))).status_code == 403


def test_a_sku_in_other_letters_leads_to_the_right_one(manager):
    variant = delivered(1, variant=VariantFactory(sku="MUG/blue 1"))

    assert manager.get(page_of(variant)).status_code == 200
    assert manager.get("/dashboard/stock/mug/BLUE%201/")["Location"] == page_of(variant)
    assert manager.get("/dashboard/stock/NOTHING/").status_code == 404


def test_every_link_leads_to_a_page(manager):
    variant = delivered(10)
    forecast_of(variant)

    links = links_of(manager.get(page_of(variant)))

    assert {manager.get(link).status_code for link in links} == {200}


def test_it_costs_as_many_queries_with_much_as_with_little(manager):
    few, many = delivered(10), delivered(500)
    for variant, orders in ((few, 2), (many, 12)):
        offered(variant, supplier_sku=variant.sku)
        forecast_of(variant)
        placed = [placed_order(variant=variant) for _number in range(orders)]
        for _order in placed:
            corrected(variant, -1)
        for order in placed:
            backorder(OrderLine.objects.get(order=order))

    assert _queries(manager, many) == _queries(manager, few) <= 40


def test_a_variant_is_sold_ahead_when_its_page_says_so(manager):
    variant = delivered(0)

    answer = manager.post(policy_of(variant), asked(selling="backorder", limit=15, lead_days=10))

    policy = StockPolicy.objects.get(variant=variant)
    assert answer.url == page_of(variant)
    assert (policy.selling, policy.limit, policy.lead_days) == ("backorder", 15, 10)


def test_a_limit_below_what_is_promised_is_refused(manager):
    variant = delivered(0)
    StockPolicy.objects.create(variant=variant, selling="backorder", limit=9, waiting=6)

    answer = manager.post(policy_of(variant), asked(selling="backorder", limit=5))

    policy = StockPolicy.objects.get(variant=variant)
    assert answer.status_code == 400
    assert "6 units are promised already" in text_of(answer)
    assert (policy.limit, policy.waiting) == (9, 6)


@pytest.mark.parametrize(
    "values",
    [
        {"selling": "preorder", "limit": 5},
        {"selling": "backorder"},
        {"selling": "later"},
        {"service_level": "1.5"},
        {"lead_days": "soon"},
    ],
)
def test_a_policy_that_makes_no_sense_is_shown_again(manager, values):
    variant = delivered(1)

    assert manager.post(policy_of(variant), asked(**values)).status_code == 400
    assert not StockPolicy.objects.filter(variant=variant).exists()


def test_batches_begin_with_what_lies_there(manager):
    variant = delivered(8)

    manager.post(policy_of(variant), asked(tracks_batches="on"))

    assert variant.stock_items.get().batches.get().on_hand == 8


def test_the_warehouse_changes_no_policy(warehouse):
    variant = delivered(1)

    assert warehouse.post(policy_of(variant), asked(limit=5)).status_code == 403
    assert not StockPolicy.objects.filter(variant=variant).exists()


def _queries(client, variant):
    """Of the second or third time: what is kept for seconds may just have been forgotten."""
    client.get(page_of(variant))
    return min(_once(client, variant) for _time in range(2))


def _once(client, variant):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page_of(variant)).status_code == 200
    return len(queries)
