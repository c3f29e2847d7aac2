"""Segments are rules in fields, with how many customers follow them."""

import pytest

from marketing.models import Segment
from tests.factories.customers import CustomerFactory, GroupFactory
from tests.staff.promotions.forms import said

pytestmark = pytest.mark.django_db

LIST = "/admin/marketing/segment/"


def test_rules_are_fields_and_all_hold(marketing, mug):
    trade = GroupFactory(code="trade")

    answer = marketing.post(
        f"{LIST}add/",
        {
            "name": "Regulars",
            "orders_at_least": "3",
            "spent_at_least": "200.00",
            "country": ["GB"],
            "group": [trade.pk],
            "bought_product_written": "mug",
        },
    )

    assert answer.status_code == 302, said(answer)
    assert Segment.objects.get().rules == [
        {"field": "orders_at_least", "value": 3},
        {"field": "spent_at_least", "value": "200.00"},
        {"field": "bought_product", "value": [mug.pk]},
        {"field": "country", "value": ["GB"]},
        {"field": "group", "value": [trade.pk]},
    ]


def test_a_segment_without_rules_is_refused_in_words(marketing):
    answer = marketing.post(f"{LIST}add/", {"name": "Nobody"})

    assert "needs at least one rule" in said(answer)
    assert not Segment.objects.exists()


@pytest.mark.parametrize(("role", "sees"), [("manager", True), ("marketing", False)])
def test_the_page_counts_customers_and_names_them_to_those_who_may(sign_in, role, sees):
    person = sign_in(role)
    trade = GroupFactory(code="trade")
    CustomerFactory(email="alice@example.com", groups=[trade])
    CustomerFactory(email="bob@example.com")
    made = Segment.objects.create(name="T", rules=[{"field": "group", "value": [trade.pk]}])

    page = said(person.get(f"{LIST}{made.pk}/change/"))
    people = said(person.get(f"{LIST}{made.pk}/customers/"))

    assert f'href="{LIST}{made.pk}/customers/">1</a>' in page
    assert ("alice@example.com" in people) is sees
    assert "bob@example.com" not in people
    assert said(person.get(LIST)).count("/customers/") == 1


def test_support_sees_segments_and_not_their_people(sign_in, markets):
    made = Segment.objects.create(name="T", rules=[{"field": "orders_at_least", "value": 1}])
    support = sign_in("support")

    assert support.get(f"{LIST}{made.pk}/change/").status_code == 200
    assert support.get(f"{LIST}add/").status_code == 403
