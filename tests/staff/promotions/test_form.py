"""A promotion is filled in on one page: every detail a field, every mistake told beside it."""

import datetime as dt

import pytest

from accounts.models import CustomerGroup
from catalog.models import Attribute, AttributeChoice, Category, Collection
from marketing.models import Benefit, Condition, Coupon, Promotion
from tests.factories import CategoryFactory
from tests.staff.forms import sent_by
from tests.staff.promotions.forms import ADD, filled, make, page_of, said

pytestmark = pytest.mark.django_db

TEN = {"kind": "percent", "percent": "10"}


def sent(page):
    """What a browser would send back from the page without touching anything."""
    forms = [page.context["adminform"].form]
    data = {}
    for one in page.context["inline_admin_formsets"]:
        forms += one.formset.forms
        data |= {
            f"{one.formset.prefix}-TOTAL_FORMS": len(one.formset.forms),
            f"{one.formset.prefix}-INITIAL_FORMS": one.formset.initial_form_count(),
        }
    for form in forms:
        for bound in form:
            value = sent_by(bound)
            is_many = hasattr(bound.field, "queryset") and isinstance(bound.value(), list | tuple)
            data |= {bound.html_name: list(bound.value())} if is_many else value
    return {name: value for name, value in data.items() if value is not None}


def test_three_for_two_on_mugs_is_kept_as_the_engine_reads_it(marketing, mug):
    mugs = Category.objects.get(url_path="mugs")
    deal = {"kind": "groups", "buy": "2", "get": "1", "got_percent": "100"}

    answer = make(
        marketing,
        name="3 for 2 on mugs",
        lane="0",
        benefits=[deal | {"scope_categories": [mugs.pk]}],
    )

    assert answer.status_code == 302, said(answer)
    kept = Benefit.objects.get()
    assert kept.params == {
        "buy": 2,
        "get": 1,
        "percent": "100",
        "scope": {"categories": [mugs.pk]},
    }
    assert Promotion.objects.get().lane == 0


BENEFITS = [
    (TEN, {"percent": "10"}),
    (
        TEN | {"percent": "12.5", "cap_GBP": "20.00", "scope_without_sale": "on"},
        {"percent": "12.5", "cap": {"GBP": "20.00"}, "scope": {"without_sale": True}},
    ),
    (
        {"kind": "fixed", "amount_GBP": "10.00", "amount_EUR": "12.00"},
        {"amount": {"GBP": "10.00", "EUR": "12.00"}},
    ),
    (
        {"kind": "fixed_each", "amount_GBP": "2", "most_pieces": "3"},
        {"amount": {"GBP": "2"}, "most_units": 3},
    ),
    (
        {
            "kind": "tiered",
            "tier_by": "quantity",
            "tier_0_units": "3",
            "tier_0_percent": "5",
            "tier_1_units": "6",
            "tier_1_percent": "10",
        },
        {"by": "quantity", "tiers": [{"from": 3, "percent": "5"}, {"from": 6, "percent": "10"}]},
    ),
    (
        {"kind": "tiered", "tier_by": "amount", "tier_0_from_GBP": "50", "tier_0_off_GBP": "5"},
        {"by": "amount", "tiers": [{"from": {"GBP": "50"}, "amount": {"GBP": "5"}}]},
    ),
    ({"kind": "set_price", "price_GBP": "9.90"}, {"price": {"GBP": "9.90"}}),
    ({"kind": "shipping", "off_percent": "100"}, {"percent": "100"}),
    (
        {"kind": "shipping", "off_price_GBP": "1.00", "methods": ["tracked-48"]},
        {"price": {"GBP": "1.00"}, "methods": ["tracked-48"]},
    ),
]


@pytest.mark.parametrize(("typed", "kept"), BENEFITS)
def test_each_benefit_has_fields_of_its_own(marketing, typed, kept):
    answer = make(marketing, benefits=[typed])

    assert answer.status_code == 302, said(answer)
    assert Benefit.objects.get().params == kept


@pytest.mark.parametrize("typed", [typed for typed, _kept in BENEFITS])
def test_saving_without_a_change_changes_nothing(marketing, typed):
    make(marketing, benefits=[typed])
    promotion, before = Promotion.objects.get(), Benefit.objects.get().params

    answer = marketing.post(page_of(promotion), sent(marketing.get(page_of(promotion))))

    assert answer.status_code == 302, said(answer)
    assert Benefit.objects.get().params == before


CONDITIONS = [
    ({"kind": "first_order"}, {}),
    ({"kind": "nth_order", "n": "3"}, {"n": 3}),
    ({"kind": "no_order_for", "days_ago": "90"}, {"days": 90}),
    (
        {"kind": "item_total", "least_GBP": "60.00", "least_EUR": "70.00"},
        {"least": {"GBP": "60.00", "EUR": "70.00"}},
    ),
    ({"kind": "quantity", "least_units": "3", "most_units": "9"}, {"least": 3, "most": 9}),
    ({"kind": "country", "countries": ["GB"]}, {"codes": ["GB"]}),
    ({"kind": "channel", "channels": ["web"]}, {"codes": ["web"]}),
    ({"kind": "shipping_method", "methods": ["tracked-48"]}, {"codes": ["tracked-48"]}),
    (
        {"kind": "hours", "weekdays": ["4", "5"], "from_hour": "17:00", "to_hour": "20:00"},
        {"days": [4, 5], "from": "17:00", "to": "20:00"},
    ),
]


@pytest.mark.parametrize(("typed", "kept"), CONDITIONS)
def test_each_condition_has_fields_of_its_own(marketing, typed, kept):
    answer = make(marketing, conditions=[typed], benefits=[TEN])

    assert answer.status_code == 302, said(answer)
    promotion, condition = Promotion.objects.get(), Condition.objects.get()
    assert condition.params == kept
    marketing.post(page_of(promotion), sent(marketing.get(page_of(promotion))))
    condition.refresh_from_db()
    assert condition.params == kept


def test_goods_are_chosen_by_product_sku_collection_and_attribute(marketing, mug, bowl):
    collection = Collection.objects.create(title="Gifts", slug="gifts")
    asked = Attribute.objects.create(code="glaze", name="Glaze", kind="choice")
    moss = AttributeChoice.objects.create(attribute=asked, name="Moss")
    scope = {
        "scope_products": [mug.pk],
        "scope_written": bowl.variants.get().sku.lower(),
        "scope_collections": [collection.pk],
        "scope_choices": [moss.pk],
    }

    make(marketing, benefits=[TEN | scope])

    assert Benefit.objects.get().params["scope"] == {
        "products": [mug.pk, bowl.pk],
        "collections": [collection.pk],
        "choices": [moss.pk],
    }


def test_categories_stand_as_a_tree(marketing, mug):
    big = {"name": "Big", "slug": "big", "url_path": "mugs/big"}
    Category.objects.add_child(CategoryFactory(name="Mugs"), big)

    page = said(marketing.get(ADD))

    assert "— Big</option>" in page


MISTAKES = [
    ({"benefits": []}, "Say what they get."),
    ({"benefits": [{"kind": "percent"}]}, "Say how many per cent."),
    ({"benefits": [{"kind": "percent", "percent": "101"}]}, "less than or equal to 100"),
    ({"benefits": [{"kind": "fixed"}]}, "Give an amount in at least one currency."),
    ({"benefits": [{"kind": "shipping"}]}, "Say one: per cent, an amount, or a price."),
    ({"benefits": [{"kind": "groups", "buy": "2"}]}, "Say how many are got."),
    ({"benefits": [{"kind": "tiered"}]}, "Fill in at least one step."),
    (
        {"benefits": [{"kind": "tiered", "tier_0_from_GBP": "20"}]},
        "Say what is taken off from here on.",
    ),
    ({"benefits": [{"kind": "gift", "gift": "NO-SUCH"}]}, "no piece with the SKU “NO-SUCH”"),
    ({"benefits": [{"kind": "", "percent": "10"}]}, "Say what kind it is"),
    ({"benefits": [TEN | {"scope_written": "no-such"}]}, "There is no product “no-such”."),
    ({"conditions": [{"kind": "group"}]}, "Tick at least one."),
    ({"conditions": [{"kind": "item_total"}]}, "Say the least, or the most."),
    (
        {"conditions": [{"kind": "quantity", "least_units": "5", "most_units": "3"}]},
        "The most can't be below the least.",
    ),
    ({"conditions": [{"kind": "hours", "from_hour": "17:00"}]}, "Say both hours, or neither."),
    ({"code": "SPRING"}, "It applies without a code."),
    ({"is_automatic": None, "code": "a!"}, "A code has 3 to 40 letters"),
    (
        {
            "starts_at_0": "2026-05-02",
            "starts_at_1": "09:00",
            "ends_at_0": "2026-05-01",
            "ends_at_1": "09:00",
        },
        "It would end before it begins.",
    ),
]


@pytest.mark.parametrize(("fields", "words"), MISTAKES)
def test_mistakes_are_told_in_words_and_nothing_is_kept(marketing, fields, words):
    answer = make(marketing, **({"benefits": [TEN]} | fields))

    assert answer.status_code == 200
    assert words in said(answer)
    assert not Promotion.objects.exists()


def test_what_was_typed_stands_there_again_after_a_mistake(marketing, mug):
    mugs = Category.objects.get(url_path="mugs")
    deal = {"kind": "groups", "buy": "7", "scope_categories": [mugs.pk]}

    page = make(marketing, benefits=[deal], code="SPRING", name="Keep me")

    form = page.context["inline_admin_formsets"][1].formset.forms[0]
    assert form["buy"].value() == "7"
    assert form["scope_categories"].value() == [str(mugs.pk)]
    assert 'value="Keep me"' in said(page)


def test_what_other_kinds_would_say_is_not_read(marketing):
    make(marketing, benefits=[TEN | {"amount_GBP": "not a number", "buy": "-3"}])

    assert Benefit.objects.get().params == {"percent": "10"}


def test_a_code_is_made_changed_and_taken_back(marketing):
    make(marketing, is_automatic=None, code="spring-10", benefits=[TEN])
    promotion = Promotion.objects.get()
    assert [one.code for one in promotion.coupons.all()] == ["SPRING-10"]

    data = sent(marketing.get(page_of(promotion)))
    marketing.post(page_of(promotion), data | {"code": "summer"})
    assert list(Coupon.objects.filter(is_active=True).values_list("code", flat=True)) == ["SUMMER"]

    marketing.post(page_of(promotion), data | {"code": "SPRING-10"})
    assert Coupon.objects.get(is_active=True).code == "SPRING-10"


def test_a_code_of_another_promotion_is_refused(marketing):
    make(marketing, is_automatic=None, code="SPRING", benefits=[TEN])

    answer = make(marketing, is_automatic=None, code="spring", name="Other", benefits=[TEN])

    assert "This code is taken already." in said(answer)
    assert Promotion.objects.count() == 1


def test_rows_are_taken_away_and_added(marketing):
    make(marketing, conditions=[{"kind": "first_order"}], benefits=[TEN])
    promotion = Promotion.objects.get()
    data = sent(marketing.get(page_of(promotion)))

    answer = marketing.post(
        page_of(promotion),
        data
        | {
            "conditions-0-DELETE": "on",
            "benefits-1-kind": "shipping",
            "benefits-1-off_percent": "100",
        },
    )

    assert answer.status_code == 302, said(answer)
    assert not promotion.conditions.exists()
    kinds = promotion.benefits.order_by("position").values_list("kind", flat=True)
    assert list(kinds) == ["percent", "shipping"]


def test_limits_schedule_and_lane_are_kept(marketing):
    make(
        marketing,
        benefits=[TEN],
        usage_limit="100",
        per_customer_limit="1",
        lane="2",
        is_exclusive="on",
        starts_at_0="2026-12-01",
        starts_at_1="00:00",
    )

    kept = Promotion.objects.get()
    assert (kept.usage_limit, kept.per_customer_limit, kept.lane) == (100, 1, 2)
    assert kept.is_exclusive
    assert kept.starts_at == dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


def test_the_page_explains_lanes_with_an_example(marketing):
    page = said(marketing.get(ADD))

    assert "“3 for 2 on mugs” in the first lane" in page
    assert "combines with nothing" in page


def test_groups_are_boxes_to_tick(marketing):
    members = CustomerGroup.objects.create(code="members", name="Members")

    make(
        marketing,
        conditions=[{"kind": "group", "groups": [members.pk]}],
        benefits=[TEN],
    )

    assert Condition.objects.get().params == {"ids": [members.pk]}


def test_the_page_needs_no_script_for_its_rows(marketing):
    """An empty row of each kind stands ready."""
    page = marketing.get(ADD)

    for rows in page.context["inline_admin_formsets"]:
        assert len(rows.formset.forms) == 1


def test_support_sees_and_changes_nothing(sign_in, markets, marketing):
    make(marketing, benefits=[TEN])
    promotion = Promotion.objects.get()
    support = sign_in("support")

    assert support.get(page_of(promotion)).status_code == 200
    support.post(page_of(promotion), filled(name="Mine", benefits=[TEN]))
    assert Promotion.objects.get().name == "Spring"
    assert support.get(ADD).status_code == 403


def test_the_warehouse_sees_no_promotions(sign_in, markets):
    assert sign_in("warehouse").get("/admin/marketing/promotion/").status_code == 403
