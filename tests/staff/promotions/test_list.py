"""The list of promotions says what each does, where it stands and what it gave away."""

import datetime as dt

import pytest
from django.utils import timezone

from marketing.models import Promotion, PromotionUse
from tests.factories import placed_order
from tests.factories.promotions import CouponFactory, PromotionFactory, asks, promotion
from tests.staff.promotions.forms import LIST, page_of, said

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def names(answer):
    return {one.name for one in answer.context["cl"].result_list}


def act(client, action, *chosen):
    return client.post(LIST, {"action": action, "_selected_action": [one.pk for one in chosen]})


def test_a_row_tells_what_it_does_its_class_and_its_state(marketing):
    made = promotion("percent", {"percent": "10"}, name="Tenth")
    asks(made, "item_total", least={"GBP": "60.00"})
    promotion("shipping", {"percent": "100"}, name="Free delivery", is_active=False)

    page = said(marketing.get(LIST))

    assert "10%" in page
    assert "£60" in page
    for words in ("Order", "Shipping", "Running", "Off"):
        assert words in page


def test_the_number_of_queries_does_not_grow_with_the_list(
    marketing, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(60) as seen:
            marketing.get(LIST)
        return len(seen)

    for number in range(3):
        asks(PromotionFactory(name=f"First {number}"), "first_order")
    few = count()
    for number in range(12):
        asks(PromotionFactory(name=f"More {number}"), "quantity", least=3)

    assert count() <= few


def test_states_are_filters(marketing):
    now = timezone.now()
    PromotionFactory(name="runs", starts_at=now - DAY, ends_at=now + DAY)
    PromotionFactory(name="planned", starts_at=now + DAY)
    PromotionFactory(name="over", ends_at=now - DAY)
    PromotionFactory(name="off", is_active=False)

    for state, name in (
        ("running", "runs"),
        ("planned", "planned"),
        ("over", "over"),
        ("off", "off"),
    ):
        assert names(marketing.get(f"{LIST}?state={state}")) == {name}


def test_promotions_are_found_by_name_and_code(marketing):
    CouponFactory(code="SPRING-10", promotion__name="Tenth off")
    PromotionFactory(name="Other")

    assert names(marketing.get(f"{LIST}?q=spring-1")) == {"Tenth off"}
    assert names(marketing.get(f"{LIST}?q=tenth")) == {"Tenth off"}
    assert names(marketing.get(f"{LIST}?with_code=no")) == {"Other"}


def test_uses_and_amounts_count_what_orders_hold(marketing, markets):
    made = PromotionFactory(name="Tenth", usage_limit=10)
    for number in range(3):
        placed_order(email=f"{number}@example.com")
    PromotionUse.objects.filter(pk=PromotionUse.objects.first().pk).update(
        released_at=timezone.now()
    )

    page = said(marketing.get(LIST))

    assert "2 of 10" in page
    assert "£4.40" in page
    assert f"/admin/marketing/promotionuse/?promotion__id__exact={made.pk}" in page
    uses = marketing.get(f"/admin/marketing/promotionuse/?promotion__id__exact={made.pk}")
    assert len(uses.context["cl"].result_list) == 3


def test_several_are_switched_with_a_report_for_each(marketing):
    on, off = PromotionFactory(name="on"), PromotionFactory(name="off", is_active=False)
    bare = PromotionFactory(name="bare", percent__none=True, is_active=False)
    coded = PromotionFactory(name="coded", is_automatic=False, is_active=False)

    page = act(marketing, "switch_on", on, off, bare, coded)

    words = said(page)
    for told in ("It was on already.", "It is on.", "It gives nothing yet", "It wants a code"):
        assert told in words
    assert set(Promotion.objects.filter(is_active=True)) == {on, off}
    act(marketing, "switch_off", on, off)
    assert not Promotion.objects.filter(is_active=True).exists()


def test_ending_now_ends_what_runs_and_switches_off_what_is_planned(marketing):
    now = timezone.now()
    runs = PromotionFactory(starts_at=now - DAY)
    planned = PromotionFactory(starts_at=now + DAY)

    act(marketing, "end_now", runs, planned)

    runs.refresh_from_db()
    planned.refresh_from_db()
    assert runs.ends_at <= timezone.now()
    assert planned.ends_at is None
    assert not planned.is_active


def test_a_duplicate_is_off_and_has_the_same_rules(marketing):
    made = promotion("percent", {"percent": "10"}, name="Tenth", is_automatic=False)
    asks(made, "first_order")
    CouponFactory(promotion=made)

    act(marketing, "duplicate", made)

    twin = Promotion.objects.get(name="Tenth (copy)")
    assert not twin.is_active
    assert not twin.coupons.exists()
    assert twin.benefits.get().params == {"percent": "10"}
    assert twin.conditions.get().kind == "first_order"
    answer = marketing.post(f"{LIST}{made.pk}/duplicate/")
    assert answer.url == page_of(Promotion.objects.latest("pk"))


def test_the_list_is_a_file_too(marketing):
    PromotionFactory(name="Tenth")

    answer = marketing.get(f"{LIST}list.csv")

    assert "Tenth" in b"".join(answer.streaming_content).decode()


def test_support_may_look_and_not_switch(sign_in, markets):
    made = PromotionFactory(name="Tenth")
    support = sign_in("support")

    assert "Tenth" in said(support.get(LIST))
    act(support, "switch_off", made)
    made.refresh_from_db()
    assert made.is_active
