"""Rules for orders, written by staff: chosen and typed in words, tried on past orders."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import OrderRule, OrderRuleRun
from shop.processes import ruling
from tests.factories import paid_order

pytestmark = pytest.mark.django_db
ADD = "/admin/orders/orderrule/add/"


def answers(**changes):
    return {
        "name": "Dear parcels",
        "when": "placed",
        "is_active": "on",
        "position": "0",
        "if_0": "total:at_least",
        "is_0": "20",
        "if_2": "country:is",
        "is_2": "GB, IE",
        "do_0": "tag",
        "with_0": "dear",
        "do_1": "note",
        "with_1": "Look twice",
        **changes,
    }


def test_a_rule_is_written_without_code(owner):
    owner.post(ADD, answers())

    rule = OrderRule.objects.get()
    assert rule.conditions == [
        {"fact": "total", "test": "at_least", "value": "20"},
        {"fact": "country", "test": "is", "value": "GB, IE"},
    ]
    assert rule.actions == [{"do": "tag", "value": "dear"}, {"do": "note", "value": "Look twice"}]


def test_and_changed_again(owner):
    owner.post(ADD, answers())
    change = reverse("admin:orders_orderrule_change", args=[OrderRule.objects.get().pk])

    page = owner.get(change)
    form = page.context["adminform"].form
    owner.post(change, answers(if_0="", is_0=""))

    assert form["if_1"].value() == "country:is"
    assert form["with_1"].value() == "Look twice"
    assert [one["fact"] for one in OrderRule.objects.get().conditions] == ["country"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"is_0": "much"}, "is_0"),
        ({"is_2": ""}, "is_2"),
        ({"if_0": ""}, "if_0"),
        ({"do_0": "", "with_0": "", "do_1": "", "with_1": ""}, "do_0"),
        ({"with_1": ""}, "with_1"),
        ({"do_1": "assign", "with_1": "nobody@example.com"}, "with_1"),
    ],
)
def test_what_is_no_rule_is_told_at_its_field(owner, changes, field):
    page = owner.post(ADD, answers(**changes))

    assert list(page.context["adminform"].form.errors) == [field]
    assert not OrderRule.objects.exists()


def test_a_rule_is_tried_on_past_orders(owner):
    order = paid_order()
    owner.post(ADD, answers())
    pk = OrderRule.objects.get().pk

    page = owner.get(reverse("admin:orders_orderrule_trial", args=[pk])).content.decode()

    assert "1 of 1 orders" in page
    assert order.number in page
    assert "Add tags: dear" in page
    assert not OrderRuleRun.objects.exists()


def test_what_rules_did_is_told_in_the_log_and_on_the_order(owner):
    owner.post(ADD, answers())
    order = paid_order()
    ruling.run(order_id=order.pk, when="placed", occasion="placed", now=timezone.now())

    log = owner.get("/admin/orders/orderrulerun/").content.decode()
    page = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()

    for text in (log, page):
        assert "Dear parcels" in text
        assert "Tagged: dear." in text


def test_support_reads_rules_and_writes_none(sign_in):
    client = sign_in("support")

    assert client.get("/admin/orders/orderrule/").status_code == 200
    assert client.get(ADD).status_code == 403
