"""What staff write into promotions: checked, told in words, and found when it is damaged."""

import pytest

from accounts.models import CustomerGroup
from marketing.models import Benefit, Condition
from marketing.queries.params import BENEFIT_FIELDS, CONDITION_FIELDS
from marketing.services import promotions
from marketing.services.promotions import BadParams
from shop.lib.errors import Refused
from tests.factories import CategoryFactory, VariantFactory
from tests.factories.promotions import CouponFactory, PromotionFactory, asks, gives, promotion

POUND = {"GBP": "10.00"}


def _condition_problems(kind, params):
    with pytest.raises(BadParams) as caught:
        promotions.check_condition(kind=kind, params=params)
    return caught.value.problems


def _benefit_problems(kind, params):
    with pytest.raises(BadParams) as caught:
        promotions.check_benefit(kind=kind, params=params)
    return caught.value.problems


class TestChecking:
    def test_every_kind_is_known(self):
        assert set(CONDITION_FIELDS) == set(Condition.Kind)
        assert set(BENEFIT_FIELDS) == set(Benefit.Kind)

    @pytest.mark.parametrize(
        ("kind", "params"),
        [
            ("first_order", {}),
            ("nth_order", {"n": 3}),
            ("no_order_for", {"days": "90"}),
            ("item_total", {"least": POUND, "most": None, "scope": {"products": [1]}}),
            ("quantity", {"least": 3}),
            ("group", {"ids": [1, 2]}),
            ("segment", {"ids": ["7"]}),
            ("market", {"ids": [1]}),
            ("country", {"codes": ["GB", "IE"]}),
            ("channel", {"codes": ["web"]}),
            ("shipping_method", {"codes": ["tracked-48"]}),
            ("hours", {"days": [0, 6]}),
            ("hours", {"from": "22:00", "to": "02:30"}),
        ],
    )
    def test_takes_conditions_as_they_are_written(self, kind, params):
        promotions.check_condition(kind=kind, params=params)

    @pytest.mark.parametrize(
        ("kind", "params"),
        [
            ("percent", {"percent": "12.5", "cap": POUND, "scope": {"without_sale": True}}),
            ("fixed", {"amount": POUND}),
            ("fixed_each", {"amount": {"JPY": "100"}, "most_units": 2}),
            ("tiered", {"by": "quantity", "tiers": [{"from": 2, "percent": "5"}]}),
            ("tiered", {"by": "amount", "tiers": [{"from": POUND, "amount": POUND}]}),
            ("groups", {"buy": 2, "get": 1, "percent": "100", "get_scope": None}),
            ("set_price", {"price": {"GBP": "0"}}),
            ("shipping", {"percent": "100"}),
            ("shipping", {"price": {"GBP": "0.00"}, "methods": ["tracked-48"]}),
            ("gift", {"variant": 4, "quantity": 1}),
        ],
    )
    def test_takes_benefits_as_they_are_written(self, kind, params):
        promotions.check_benefit(kind=kind, params=params)

    @pytest.mark.parametrize(
        ("kind", "params", "field"),
        [
            ("nth_order", {}, "n"),
            ("nth_order", {"n": 0}, "n"),
            ("nth_order", {"n": True}, "n"),
            ("nth_order", {"n": "²"}, "n"),
            ("no_order_for", {"days": 1.5}, "days"),
            ("item_total", {}, "least"),
            ("item_total", {"least": {"GBP": "x"}}, "least"),
            ("item_total", {"least": {"GBP": "NaN"}}, "least"),
            ("item_total", {"least": {"GBP": "1e30"}}, "least"),
            ("item_total", {"least": {"JPY": "1.50"}}, "least"),
            ("item_total", {"least": {"pounds": "1"}}, "least"),
            ("item_total", {"least": "10"}, "least"),
            ("item_total", {"least": {"GBP": "9"}, "most": {"GBP": "8"}}, "most"),
            ("quantity", {"least": 3, "most": 2}, "most"),
            ("group", {"ids": []}, "ids"),
            ("group", {"ids": "12"}, "ids"),
            ("country", {"codes": ["gb"]}, "codes"),
            ("country", {"codes": [None]}, "codes"),
            ("hours", {}, "days"),
            ("hours", {"days": [7]}, "days"),
            ("hours", {"from": "17:00"}, "to"),
            ("hours", {"from": "24:30", "to": "08:00"}, "from"),
            ("hours", {"from": "08:00", "to": "08:00"}, "to"),
            ("first_order", {"n": 1}, "n"),
            ("first_order", None, ""),
            ("first_order", [1], ""),
            ("whenever", {}, ""),
        ],
    )
    def test_says_what_is_wrong_with_a_condition_by_field(self, kind, params, field):
        problems = _condition_problems(kind, params)

        assert list(problems) == [field]
        assert problems[field].endswith(".")

    @pytest.mark.parametrize(
        ("kind", "params", "field"),
        [
            ("percent", {}, "percent"),
            ("percent", {"percent": "0"}, "percent"),
            ("percent", {"percent": "101"}, "percent"),
            ("percent", {"percent": "1.234"}, "percent"),
            ("percent", {"percent": "10", "scope": {"brand": [1]}}, "scope"),
            ("percent", {"percent": "10", "scope": {"products": ["a"]}}, "scope"),
            ("percent", {"percent": "10", "scope": {"without_sale": "yes"}}, "scope"),
            ("percent", {"percent": "10", "scope": []}, "scope"),
            ("percent", {"percent": "10", "cap": {"GBP": "0"}}, "cap"),
            ("fixed", {"amount": {}}, "amount"),
            ("fixed", {"amount": {"GBP": "-5"}}, "amount"),
            ("fixed", {"amount": {"GBP": "0.005"}}, "amount"),
            ("tiered", {"by": "weight", "tiers": [{"from": 1, "percent": "5"}]}, "by"),
            ("tiered", {"by": "amount", "tiers": []}, "tiers"),
            ("tiered", {"by": "amount", "tiers": [{"from": 1, "percent": "5"}]}, "tiers"),
            ("tiered", {"by": "quantity", "tiers": [{"from": 1}]}, "tiers"),
            ("tiered", {"by": "quantity", "tiers": [{"percent": "5"}]}, "tiers"),
            (
                "tiered",
                {"by": "quantity", "tiers": [{"from": 1, "percent": "5", "amount": POUND}]},
                "tiers",
            ),
            ("tiered", {"by": "quantity", "tiers": [{"from": 2, "percent": "5"}] * 2}, "tiers"),
            ("groups", {"buy": 0, "get": 1, "percent": "100"}, "buy"),
            ("shipping", {}, "percent"),
            ("shipping", {"percent": "50", "amount": POUND}, "percent"),
            ("gift", {"variant": "mug"}, "variant"),
            ("gift", {"variant": 10**20}, "variant"),
        ],
    )
    def test_says_what_is_wrong_with_a_benefit_by_field(self, kind, params, field):
        problems = _benefit_problems(kind, params)

        assert list(problems) == [field]
        assert problems[field].endswith(".")

    def test_says_all_that_is_wrong_at_once(self):
        problems = _benefit_problems("groups", {"buy": 0, "get": "", "what": 1, "percent": "x"})

        assert set(problems) == {"buy", "get", "what", "percent"}

    def test_a_promotion_has_to_give_something(self):
        with pytest.raises(Refused):
            promotions.check_benefits(kinds=[])


@pytest.mark.django_db
class TestWords:
    def test_a_promotion_is_told_in_a_sentence(self):
        mugs = CategoryFactory()
        members = CustomerGroup.objects.create(code="members", name="Members")
        scope = {"categories": [mugs.pk]}
        made = promotion("percent", {"percent": "10", "cap": {"GBP": "20"}, "scope": scope})
        asks(made, "item_total", least={"GBP": "60", "EUR": "72.50"})
        asks(made, "group", ids=[members.pk])

        told = promotions.describe(made)

        assert told == "10% off Mugs, at most £20, from €72.50 / £60, for Members"

    @pytest.mark.parametrize(
        ("kind", "params", "told"),
        [
            ("percent", {"percent": "7.50"}, "7.5% off everything"),
            ("fixed", {"amount": POUND}, "£10 off everything"),
            (
                "fixed_each",
                {"amount": POUND, "most_units": 2},
                "£10 off each piece of everything, at most 2 pieces",
            ),
            (
                "tiered",
                {
                    "by": "quantity",
                    "tiers": [{"from": 5, "percent": "10"}, {"from": 2, "percent": "5"}],
                },
                "Off everything: 5% from 2; 10% from 5",
            ),
            (
                "groups",
                {"buy": 2, "get": 1, "percent": "100"},
                "3 for 2 on everything, the cheapest free",
            ),
            (
                "groups",
                {"buy": 1, "get": 1, "percent": "50", "most_times": 1},
                "Buy 1 of everything, get 1 more 50% off, at most once",
            ),
            ("set_price", {"price": POUND}, "Everything for £10 each"),
            ("shipping", {"percent": "100"}, "Free delivery"),
            ("shipping", {"price": {"GBP": "0"}}, "Free delivery"),
            ("shipping", {"amount": POUND, "methods": ["courier"]}, "£10 off delivery (courier)"),
            ("shipping", {"percent": "50"}, "50% off delivery"),
            ("shipping", {"price": POUND}, "Delivery for £10"),
            ("percent", {"percent": "ten"}, "Something that can't be read"),
        ],
    )
    def test_every_benefit_has_words(self, kind, params, told):
        assert promotions.describe(promotion(kind, params)) == told

    @pytest.mark.parametrize(
        ("kind", "params", "told"),
        [
            ("first_order", {}, "on the first order"),
            ("nth_order", {"n": 3}, "on order number 3"),
            ("no_order_for", {"days": 90}, "after 90 days without an order"),
            ("quantity", {"least": 3, "most": 6}, "from 3 to 6 pieces"),
            ("item_total", {"most": POUND}, "up to £10"),
            ("group", {"ids": [999]}, "for (deleted)"),
            ("country", {"codes": ["IE"]}, "to Ireland"),
            ("channel", {"codes": ["web"]}, "by web"),
            ("shipping_method", {"codes": ["courier"]}, "sent by courier"),
            ("hours", {"days": [6], "from": "17:00", "to": "20:00"}, "on Sunday, 17:00 to 20:00"),
        ],
    )
    def test_every_condition_has_words(self, kind, params, told):
        made = PromotionFactory()
        asks(made, kind, **params)

        assert promotions.describe(made) == f"10% off everything, {told}"

    def test_a_gift_is_named(self):
        variant = VariantFactory()

        made = promotion("gift", {"variant": variant.pk})

        assert promotions.describe(made) == f"1 × {variant.product.title} as a gift"

    def test_many_are_told_by_two_queries(self, django_assert_num_queries):
        made = [PromotionFactory() for _n in range(5)]
        for one in made:
            asks(one, "market", ids=[1])

        with django_assert_num_queries(2):
            told = promotions.descriptions(made)

        assert len(told) == 5


@pytest.mark.django_db
class TestProblems:
    def test_a_sound_promotion_has_none(self):
        made = [PromotionFactory(), CouponFactory().promotion]

        assert promotions.problems(made) == {}

    def test_what_is_damaged_is_told_to_staff(self):
        made = promotion("percent", {"percent": "ten"})
        asks(made, "nth_order")

        (nth, percent) = promotions.problems([made])[made.pk]

        assert percent.startswith("Per cent off: ")
        assert nth.startswith("It is the nth order: ")

    def test_one_without_benefit_and_without_a_code_does_nothing(self):
        made = PromotionFactory(percent__none=True, is_automatic=False)

        assert len(promotions.problems([made])[made.pk]) == 2

    def test_what_is_deleted_is_counted(self):
        made = promotion("percent", {"percent": "5", "scope": {"categories": [998, 999]}})
        asks(made, "segment", ids=[999])
        gives(made, "gift", variant=999)

        assert promotions.problems([made])[made.pk] == ["4 things it names are deleted by now."]
