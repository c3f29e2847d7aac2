"""Segments: one customer and all customers are asked the same."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Customer, CustomerGroup
from catalog.models import Category
from marketing.queries import deals, segments
from marketing.services.segments import BadRules, check
from orders.models import Order
from tests.factories import (
    CategoryFactory,
    MarketFactory,
    ProductFactory,
    VariantFactory,
    canceled_order,
    in_stock,
    paid_order,
    placed_order,
)
from tests.factories.promotions import SegmentFactory

NOW = timezone.now()
A_DAY = dt.timedelta(days=1)


def _customer(email="alice@example.com"):
    return Customer.objects.create(email=email, created_at=NOW)


def _is_in(customer, *rules, now=NOW):
    """Whether a customer is in a segment of these rules; both ways of asking have to agree."""
    segment = SegmentFactory(rules=[{"field": name, "value": value} for name, value in rules])
    alone = segment.pk in segments.segments_of(customer, now=now)
    among_all = customer in segments.customers(segment, now=now)
    assert alone == among_all
    assert segments.size(segment, now=now) == segments.customers(segment, now=now).count()
    return alone


@pytest.mark.django_db
class TestRules:
    def test_orders_are_counted_by_address_and_by_customer(self):
        alice = _customer("Alice@Example.com")
        placed_order(email="alice@example.com")
        other = placed_order(email="work@example.com")
        Order.objects.filter(pk=other.pk).update(customer=alice)
        placed_order(email="bob@example.com")

        assert _is_in(alice, ("orders_at_least", 2))
        assert not _is_in(alice, ("orders_at_least", 3))
        assert _is_in(alice, ("orders_at_most", 2))
        assert not _is_in(alice, ("orders_at_most", 1))

    def test_what_was_called_off_does_not_count(self):
        alice = _customer()
        canceled_order(email=alice.email)

        assert not _is_in(alice, ("orders_at_least", 1))
        assert _is_in(alice, ("orders_at_most", 0))

    def test_money_is_what_was_paid_less_what_went_back_in_the_main_currency(self):
        alice = _customer()
        order = paid_order(email=alice.email, quantity=2)
        placed_order(email=alice.email)
        Order.objects.filter(pk=order.pk).update(refunded=Decimal(10), exchange_rate="0.5")
        spent = (order.total - 10) / 2

        assert _is_in(alice, ("spent_at_least", f"{spent:.2f}"))
        assert not _is_in(alice, ("spent_at_least", f"{spent + 1:.2f}"))

    def test_the_last_order_is_told_by_days(self):
        alice = _customer()
        order = placed_order(email=alice.email)
        Order.objects.filter(pk=order.pk).update(placed_at=NOW - 30 * A_DAY)

        assert _is_in(alice, ("last_order_within_days", 30))
        assert not _is_in(alice, ("last_order_within_days", 29))
        assert _is_in(alice, ("last_order_before_days", 29))
        assert not _is_in(alice, ("last_order_before_days", 30))

    def test_who_never_ordered_has_no_last_order(self):
        alice = _customer()

        assert not _is_in(alice, ("last_order_before_days", 1))
        assert not _is_in(alice, ("last_order_within_days", 1))

    def test_an_order_went_to_one_of_the_countries(self):
        alice = _customer()
        placed_order(email=alice.email)

        assert _is_in(alice, ("country", ["IE", "GB"]))
        assert not _is_in(alice, ("country", ["IE"]))

    def test_something_was_bought_from_a_category_or_below(self):
        alice, cups = _customer(), CategoryFactory(name="Cups")
        tea = Category.objects.add_child(
            cups, {"name": "Tea", "slug": "tea", "url_path": "cups/tea"}
        )
        variant = in_stock(variant=VariantFactory(product=ProductFactory(category=tea)))
        placed_order(email=alice.email, variant=variant)

        assert _is_in(alice, ("bought_category", [cups.pk]))
        assert _is_in(alice, ("bought_category", [tea.pk, 999]))
        assert not _is_in(alice, ("bought_category", [CategoryFactory(name="Linen").pk]))

    def test_a_product_was_bought(self):
        alice, variant = _customer(), in_stock()
        placed_order(email=alice.email, variant=variant)

        assert _is_in(alice, ("bought_product", [variant.product_id]))
        assert not _is_in(alice, ("bought_product", [variant.product_id + 1]))

    def test_groups_are_those_of_the_customer(self):
        alice, members = _customer(), CustomerGroup.objects.create(code="members", name="Members")
        trade = CustomerGroup.objects.create(code="trade", name="Trade")
        alice.groups.add(members, trade)

        assert _is_in(alice, ("group", [members.pk, trade.pk]))
        assert not _is_in(alice, ("group", [999]))

    def test_all_rules_have_to_hold(self):
        alice = _customer()
        placed_order(email=alice.email)

        assert _is_in(alice, ("orders_at_least", 1), ("country", ["GB"]))
        assert not _is_in(alice, ("orders_at_least", 1), ("country", ["IE"]))

    @pytest.mark.parametrize(
        "rules", [[], {}, "all", [{"field": "age", "value": 3}], [{"field": "country"}], [1]]
    )
    def test_rules_that_cannot_be_read_are_met_by_nobody(self, rules):
        alice = _customer()
        segment = SegmentFactory(rules=rules)

        assert segments.segments_of(alice, now=NOW) == frozenset()
        assert segments.size(segment, now=NOW) == 0


@pytest.mark.django_db
class TestAsking:
    def test_twenty_segments_are_asked_by_as_many_queries_as_one(self, django_assert_num_queries):
        alice, variant = _customer(), in_stock()
        placed_order(email=alice.email, variant=variant)
        rules = [
            {"field": "bought_category", "value": [variant.product.category_id]},
            {"field": "group", "value": [1]},
        ]
        SegmentFactory(rules=rules)

        segments.segments_of(alice, now=NOW)  # the tree of categories is kept from here on

        # Segments, orders, lines, where products belong (two), groups.
        with django_assert_num_queries(6):
            segments.segments_of(alice, now=NOW)
        for _n in range(19):
            SegmentFactory(rules=rules)
        with django_assert_num_queries(6):
            segments.segments_of(alice, now=NOW)

    def test_a_shop_without_segments_asks_once(self, django_assert_num_queries):
        alice = _customer()

        with django_assert_num_queries(1):
            segments.segments_of(alice, now=NOW)

    def test_only_whoever_is_signed_in_is_in_a_segment(self):
        alice, market = _customer(), MarketFactory()
        segment = SegmentFactory(rules=[{"field": "orders_at_most", "value": 0}])

        def found(customer):
            return deals.situation(
                market=market,
                customer=customer,
                email=alice.email,
                country="GB",
                shipping_method="",
                channel="web",
                now=NOW,
            ).segments

        assert found(alice) == {segment.pk}
        assert found(None) == frozenset()


class TestChecking:
    def test_takes_rules_as_they_are_written(self):
        check(
            [{"field": "spent_at_least", "value": "200.00"}, {"field": "country", "value": ["GB"]}]
        )

    @pytest.mark.parametrize(
        "rules",
        [
            None,
            [],
            [{"field": "orders_at_least", "value": 1}] * 21,
            [{"field": "orders_at_least", "value": 0}],
            [{"field": "spent_at_least", "value": "much"}],
            [{"field": "country", "value": "GB"}],
            [{"field": ["country"], "value": ["GB"]}],
            [{"field": "shoe_size", "value": 41}],
            [{"value": 41}],
            ["orders_at_least"],
        ],
    )
    def test_refuses_rules_nobody_could_look_up(self, rules):
        with pytest.raises(BadRules) as caught:
            check(rules)

        assert all(problem.endswith(".") for problem in caught.value.problems)
