"""Staff change an order: search, fill in, see the difference, save; the second of two is told."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import OrderEdit
from tests.factories import canceled_order, in_stock, paid_order
from tests.processes.editing.changing import added, amend, line_of

pytestmark = pytest.mark.django_db


def page(order):
    return reverse("admin:orders_order_edit", args=[order.pk])


def filled(client, order, **fields):
    """What the form of a fresh page would send, with some answers changed."""
    form = client.get(page(order)).context["form"]
    answers = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in answers.items()} | fields


def save(client, order, said):
    looked = client.post(page(order), said | {"do": "work"})
    shown = looked.context["looked"].shown
    return client.post(page(order), said | {"do": "save", "shown": shown.difference})


def test_support_takes_units_off_after_seeing_the_difference(sign_in):
    order, client = paid_order(quantity=3), sign_in("support")
    said = filled(client, order, reason="One is enough")
    said[f"units_{line_of(order).pk}"] = "1"

    looked = client.post(page(order), said | {"do": "work"})
    assert not OrderEdit.objects.exists()
    done = save(client, order, said)

    edit = OrderEdit.objects.get()
    assert "3 × £22.00" in looked.content.decode()
    assert "£44.00" in looked.content.decode()
    assert done.status_code == 302
    assert (edit.difference, edit.reason, edit.made_by.name) == (-44, "One is enough", "Support")


def test_a_piece_is_found_by_its_name_chosen_and_added(owner):
    order = paid_order()
    bowl = in_stock(4, product__title="Salt bowl")

    found = owner.post(page(order), filled(owner, order, q="salt") | {"do": "search"})
    chosen = owner.post(page(order), filled(owner, order) | {"pick": bowl.pk})
    form = chosen.context["form"]
    said = filled(owner, order) | {
        "new": bowl.pk,
        f"new_units_{bowl.pk}": "2",
        f"new_price_{bowl.pk}": form[f"new_price_{bowl.pk}"].value(),
    }
    save(owner, order, said)

    assert [one.variant for one in found.context["looked"].found] == [bowl]
    assert form[f"new_units_{bowl.pk}"].value() == "1"
    assert OrderEdit.objects.get().difference == 44


def test_address_delivery_and_price_are_changed_in_one_go(owner):
    order = paid_order()
    said = filled(owner, order, city="Leeds", postcode="LS1 1AA", delivery_price="9.90")
    said[f"price_{line_of(order).pk}"] = "20.00"

    save(owner, order, said)

    order.refresh_from_db()
    edit = OrderEdit.objects.get()
    assert (order.city, order.postcode) == ("Leeds", "LS1 1AA")
    assert {one["what"] for one in edit.changes} == {"line", "delivery", "address"}
    assert edit.difference == Decimal("9.90") - Decimal("3.90") - 2


def test_the_second_of_two_is_told_and_nothing_is_lost(owner):
    order = paid_order()
    said = filled(owner, order)
    said[f"price_{line_of(order).pk}"] = "20.00"
    amend(order, add=[added(in_stock(2))])

    answer = save(owner, order, said)

    assert answer.status_code == 422
    assert "changed this order meanwhile" in answer.content.decode()
    assert OrderEdit.objects.count() == 1


def test_a_difference_nobody_has_seen_is_shown_first(owner):
    order = paid_order(quantity=2)
    said = filled(owner, order)
    said[f"units_{line_of(order).pk}"] = "1"

    answer = owner.post(page(order), said | {"do": "save", "shown": "-1"})

    assert "Please look once more" in answer.content.decode()
    assert not OrderEdit.objects.exists()


def test_what_cannot_be_done_is_said_before_it_is_tried(owner):
    order, bowl = paid_order(), in_stock(1)
    said = filled(owner, order) | {"new": bowl.pk, f"new_units_{bowl.pk}": "5"}

    answer = owner.post(page(order), said | {"do": "work"})

    words = answer.content.decode()
    assert f"{bowl.sku}: 1 left in stock." in words
    assert not re.search('value="save"', words)


@pytest.mark.parametrize("answers", [{"city": ""}, {"postcode": "nowhere"}])
def test_a_wrong_answer_is_marked(owner, answers):
    order = paid_order()

    answer = owner.post(page(order), filled(owner, order, **answers) | {"do": "work"})

    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_only_who_may_change_orders_sees_the_page(sign_in):
    order = paid_order()

    assert sign_in("warehouse").get(page(order)).status_code == 403
    assert sign_in("manager").get(page(order)).status_code == 200


def test_the_orders_page_leads_there_while_it_is_open(owner):
    open_, closed = paid_order(), canceled_order()

    pages = [
        owner.get(f"/admin/orders/order/{one.pk}/change/").content.decode()
        for one in (open_, closed)
    ]

    assert page(open_) in pages[0]
    assert page(closed) not in pages[1]
    assert "be changed any more" in owner.get(page(closed)).content.decode()
