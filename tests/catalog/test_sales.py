"""What sales and changes make of prices."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Category, Collection, CollectionEntry, Price, Sale, SaleEntry
from catalog.queries.current_prices import prices_now
from catalog.queries.sale_rows import covered
from catalog.services import sales
from tests.factories import (
    CategoryFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
)
from tests.factories.pricing import DAY, HOUR, ChangeFactory, SaleFactory, give_past

pytestmark = pytest.mark.django_db
TWO_DAYS = dt.timedelta(days=2)


def applied(*, product_ids=None, now=None):
    return sales.apply(product_ids=product_ids, now=now or timezone.now())


def price_of(variant, market="uk"):
    return Price.objects.get(variant=variant, market__code=market)


def test_a_sale_takes_its_percentage_off_and_names_itself():
    variant, sale = VariantFactory(price=Decimal(20)), SaleFactory()

    changed = applied()

    price = price_of(variant)
    assert (price.current, price.amount, price.sale) == (Decimal(18), Decimal(20), sale)
    assert changed == {variant.product_id}


def test_a_second_run_has_nothing_to_do():
    VariantFactory()
    SaleFactory()
    applied()

    assert applied() == set()


@pytest.mark.parametrize(
    ("fields", "is_covered"),
    [
        ({"covers_all": True}, True),
        ({"covers_all": False}, False),
        ({"covers_all": False, "product_ids": "product"}, True),
        ({"covers_all": False, "category_ids": "root"}, True),
        ({"covers_all": False, "category_ids": "other"}, False),
        ({"covers_all": False, "collection_ids": "collection"}, True),
        ({"market": "eu"}, False),
        ({"market": "uk"}, True),
        ({"is_active": False}, False),
        ({"percent": None}, False),
    ],
)
def test_covers_what_it_names(fields, is_covered):
    root = CategoryFactory(name="Kitchen")
    leaf = Category.objects.add_child(
        root, {"name": "Mugs", "slug": "mugs", "url_path": "kitchen/mugs"}
    )
    variant = VariantFactory(product=ProductFactory(category=leaf), price=Decimal(20))
    collection = Collection.objects.create(title="Gifts", slug="gifts")
    CollectionEntry.objects.create(collection=collection, product=variant.product, position=1)
    ids = {
        "product": variant.product_id,
        "root": Category.objects.get(url_path="kitchen").pk,
        "other": CategoryFactory(name="Bowls").pk,
        "collection": collection.pk,
    }
    markets = {"uk": MarketFactory(), "eu": MarketFactory(eu=True)}
    fields = {
        name: [ids[value]] if name.endswith("_ids") else markets.get(value, value)
        for name, value in fields.items()
    }
    sale = SaleFactory(**fields)

    applied()

    assert price_of(variant).current == (18 if is_covered else 20)
    assert covered(sale).exists() is (is_covered or not sale.is_active)
    now = prices_now(markets["uk"], [variant.pk], timezone.now())[variant.pk]
    assert now == (price_of(variant).current, sale.name if is_covered else "", is_covered)


def test_a_piece_with_a_price_of_its_own_takes_that_one():
    variant, other = VariantFactory(price=Decimal(20)), VariantFactory(price=Decimal(20))
    sale = SaleFactory()
    SaleEntry.objects.create(
        sale=sale, variant=variant, market=MarketFactory(), amount=Decimal("12.34")
    )

    applied()

    assert (price_of(variant).current, price_of(other).current) == (Decimal("12.34"), Decimal(18))


def test_an_entry_alone_is_a_sale_of_one_piece():
    variant, other = VariantFactory(price=Decimal(20)), VariantFactory(price=Decimal(20))
    sale = SaleFactory(percent=None, covers_all=False)
    SaleEntry.objects.create(sale=sale, variant=variant, market=MarketFactory(), amount=Decimal(5))

    applied()

    assert (price_of(variant).current, price_of(other).current) == (Decimal(5), Decimal(20))


def test_a_sale_never_makes_anything_dearer():
    variant = VariantFactory(price=Decimal(20))
    sale = SaleFactory(percent=None)
    SaleEntry.objects.create(sale=sale, variant=variant, market=MarketFactory(), amount=Decimal(25))

    applied()

    assert (price_of(variant).current, price_of(variant).sale) == (Decimal(20), None)


def test_the_lowest_of_several_sales_wins_and_the_older_of_two_alike():
    variant = VariantFactory(price=Decimal(20))
    SaleFactory(percent=Decimal(10))
    best, _same = SaleFactory(percent=Decimal(30)), SaleFactory(percent=Decimal(30))

    applied()

    assert (price_of(variant).current, price_of(variant).sale) == (Decimal(14), best)


def test_a_change_may_be_dearer_and_a_sale_is_taken_off_it():
    variant = VariantFactory(price=Decimal(20))
    change = ChangeFactory(percent=None)
    SaleEntry.objects.create(
        sale=change, variant=variant, market=MarketFactory(), amount=Decimal(30)
    )
    applied()
    assert (price_of(variant).current, price_of(variant).reduced_at) == (Decimal(30), None)
    sale = SaleFactory(percent=Decimal(10))

    applied()

    assert (price_of(variant).current, price_of(variant).sale) == (Decimal(27), sale)


def test_of_two_changes_the_one_that_began_last_counts():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now()
    ChangeFactory(percent=Decimal(50), starts_at=now - HOUR)
    ChangeFactory(percent=Decimal(10), starts_at=now - HOUR / 2)

    applied(now=now)

    assert price_of(variant).current == 18


def test_a_change_without_an_end_becomes_the_price_once():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now()
    Price.objects.update(compare_at=Decimal(22))
    change = ChangeFactory(percent=Decimal(10), ends_at=None)
    SaleFactory(percent=Decimal(50))

    applied(now=now)
    applied(now=now + HOUR)

    change.refresh_from_db()
    assert change.applied_at == now
    assert (price_of(variant).amount, price_of(variant).current) == (Decimal(18), Decimal(9))


def test_what_it_was_goes_when_the_price_rises_to_it():
    variant = VariantFactory(price=Decimal(20))
    Price.objects.update(compare_at=Decimal(22))
    change = ChangeFactory(percent=None, ends_at=None)
    SaleEntry.objects.create(
        sale=change, variant=variant, market=MarketFactory(), amount=Decimal(22)
    )

    applied()

    assert (price_of(variant).amount, price_of(variant).compare_at) == (Decimal(22), None)


def test_a_lasting_change_counts_before_a_worker_wrote_it_and_no_more_afterwards():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now()
    market = MarketFactory()
    ChangeFactory(percent=Decimal(10), ends_at=None)
    before = prices_now(market, [variant.pk], now)[variant.pk].amount

    applied(now=now)

    assert (before, prices_now(market, [variant.pk], now)[variant.pk].amount) == (18, 18)


def test_sales_begin_and_end_by_the_clock():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now()
    SaleFactory(starts_at=now + HOUR, ends_at=now + TWO_DAYS)
    seen = []

    for moment in (now, now + HOUR, now + TWO_DAYS - dt.timedelta(seconds=1), now + TWO_DAYS):
        applied(now=moment)
        seen.append(price_of(variant).current)

    assert seen == [20, 18, 18, 20]
    assert price_of(variant).sale_amount is None


def test_a_basket_pays_by_the_second_whether_or_not_a_worker_ran():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now()
    market, sale = MarketFactory(), SaleFactory(starts_at=now - HOUR, ends_at=now + HOUR)
    applied(now=now)
    second = dt.timedelta(seconds=1)

    asked = [
        prices_now(market, [variant.pk], moment)[variant.pk]
        for moment in (now - HOUR - second, now - HOUR, now + HOUR - second, now + HOUR)
    ]

    assert [one.amount for one in asked] == [20, 18, 18, 20]
    assert [one.note for one in asked] == ["", sale.name, sale.name, ""]
    assert [one.is_on_sale for one in asked] == [False, True, True, False]


def test_prices_of_a_basket_take_two_queries(django_assert_num_queries):
    market = MarketFactory()
    variants = [VariantFactory() for _n in range(5)]
    SaleFactory()
    SaleFactory(covers_all=False, category_ids=[variants[0].product.category_id])

    prices_now(market, [variants[0].pk], timezone.now())  # the sales are kept from here on

    with django_assert_num_queries(2):
        found = prices_now(market, [one.pk for one in variants], timezone.now())

    assert len(found) == 5


def test_what_carries_an_earlier_price_is_on_sale_and_has_no_note():
    variant = VariantFactory(price=Decimal(20))
    Price.objects.update(compare_at=Decimal(25))

    found = prices_now(MarketFactory(), [variant.pk], timezone.now())

    assert found[variant.pk] == (Decimal(20), "", True)


def test_only_the_named_products_are_worked_on():
    one, other = VariantFactory(price=Decimal(20)), VariantFactory(price=Decimal(20))
    SaleFactory()

    applied(product_ids=[one.product_id])

    assert (price_of(one).current, price_of(other).current) == (Decimal(18), Decimal(20))


def test_a_deleted_sale_leaves_nothing_behind():
    variant, sale = VariantFactory(price=Decimal(20)), SaleFactory()
    applied()
    sale.delete()

    applied()

    assert (price_of(variant).current, price_of(variant).reduced_at) == (Decimal(20), None)


def test_endings_and_small_coins_per_market():
    variant = VariantFactory(price=Decimal("20.00"))
    yen = MarketFactory(code="jp", path="jp", currency="JPY", countries=["JP"], position=3)
    PriceFactory(variant=variant, market=yen, amount=Decimal(3333))
    SaleFactory(percent=Decimal(15), rounding="0.99")

    applied()

    assert price_of(variant).current == Decimal("16.99")
    assert price_of(variant, "jp").current == Decimal(2833)


def test_an_ending_that_would_eat_the_reduction_is_left_off():
    variant = VariantFactory(price=Decimal("9.99"))
    SaleFactory(percent=Decimal(4), rounding="0.99")

    applied()

    assert price_of(variant).current == Decimal("9.59")


# Since when


def test_a_reduction_remembers_when_it_began_while_it_grows():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now() - HOUR
    give_past(price_of(variant), (90, 20))
    SaleFactory(starts_at=now - DAY, ends_at=now + DAY)
    applied(now=now - DAY)
    SaleFactory(percent=Decimal(20), starts_at=now, ends_at=now + TWO_DAYS)

    applied(now=now)

    assert (price_of(variant).current, price_of(variant).reduced_at) == (Decimal(16), now - DAY)


def test_a_smaller_reduction_begins_anew():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now() - HOUR
    give_past(price_of(variant), (90, 20))
    SaleFactory(starts_at=now - DAY, ends_at=now)
    SaleFactory(percent=Decimal(5), starts_at=now - DAY, ends_at=now + DAY)
    applied(now=now - DAY)

    applied(now=now)

    assert (price_of(variant).current, price_of(variant).reduced_at) == (Decimal(19), now)


def test_a_break_ends_a_reduction():
    variant, now = VariantFactory(price=Decimal(20)), timezone.now() - HOUR
    give_past(price_of(variant), (90, 20))
    SaleFactory(starts_at=now - TWO_DAYS, ends_at=now - DAY)
    SaleFactory(starts_at=now, ends_at=now + DAY)

    for moment in (now - TWO_DAYS, now - DAY, now):
        applied(now=moment)

    assert price_of(variant).reduced_at == now


def test_what_is_younger_than_its_sale_never_cost_more():
    now = timezone.now() - HOUR
    SaleFactory(starts_at=now - DAY)
    variant = VariantFactory(price=Decimal(20))

    applied(now=now)

    assert price_of(variant).reduced_at == now - DAY


def test_many_prices_take_few_statements(django_assert_max_num_queries):
    for _n in range(30):
        VariantFactory()
    SaleFactory()

    with django_assert_max_num_queries(12):
        changed = applied()

    assert len(changed) == 30
    assert Sale.objects.get().applied_at is None
