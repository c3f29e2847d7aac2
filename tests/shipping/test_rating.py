"""Which ways of delivery an address has, what they cost, and when parcels arrive."""

import datetime as dt
from decimal import Decimal

import pytest

from shipping.models import Method, Restriction
from shipping.queries import Destination, Piece, blocked, deliveries, promise
from shipping.queries.judging import judged
from shipping.queries.rating import packed
from tests.factories import MethodFactory, ProductFactory, RateFactory
from tests.factories.shipping import BoxFactory, CarrierFactory

pytestmark = pytest.mark.django_db
# A Friday before the cut-off.
NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
LONDON = Destination("GB", "N1 9GU")
GOODS = Decimal(20)


def offers(*pieces, to=LONDON, goods=GOODS, **more):
    sent = list(pieces) or [Piece(1, 1, 400)]
    return deliveries(to=to, pieces=sent, currency="GBP", goods=goods, now=NOW, **more)


def codes(found):
    return [one.code for one in found]


def method(code="tracked-48", price="3.90", **fields):
    made = MethodFactory(code=code, **fields)
    RateFactory(method=made, price=Decimal(price), free_from=None)
    return made


class TestPrices:
    def test_every_parcel_is_paid_for(self):
        BoxFactory(max_grams=2100)
        method()

        assert offers(Piece(1, 1, 2000))[0].price == Decimal("3.90")
        assert offers(Piece(1, 3, 2000))[0].price == Decimal("11.70")

    def test_each_parcel_is_rated_by_its_own_weight(self):
        BoxFactory(max_grams=2100)
        made = MethodFactory()
        RateFactory(method=made, price=3, max_grams=1500, free_from=None)
        RateFactory(method=made, price=5, min_grams=1500, max_grams=9000, free_from=None)

        # Two kilograms, and one.
        assert offers(Piece(1, 3, 1000))[0].price == Decimal(8)

    def test_a_method_that_can_t_carry_one_of_the_parcels_is_not_offered(self):
        BoxFactory(max_grams=2100)
        made = MethodFactory()
        RateFactory(method=made, price=3, max_grams=1500, free_from=None)

        assert offers(Piece(1, 3, 1000)) == []

    def test_everything_is_free_from_a_value_on(self):
        BoxFactory(max_grams=2100)
        RateFactory(free_from=Decimal(60))

        assert offers(Piece(1, 3, 2000), goods=Decimal(60))[0].price == 0
        assert offers(Piece(1, 3, 2000), goods=Decimal("59.99"))[0].price == Decimal("11.70")

    def test_a_rate_holds_for_goods_of_its_value(self):
        made = MethodFactory()
        RateFactory(method=made, price=5, max_goods=Decimal(30), free_from=None)
        RateFactory(method=made, price=2, min_goods=Decimal(30), free_from=None)

        assert offers(goods=Decimal("29.99"))[0].price == 5
        assert offers(goods=Decimal(30))[0].price == 2

    def test_of_two_rates_that_fit_the_cheaper_holds(self):
        made = MethodFactory()
        RateFactory(method=made, price=5, free_from=None)
        RateFactory(method=made, price=4, free_from=None)

        assert [one.price for one in offers()] == [4]

    def test_a_carriers_own_price_holds_instead_of_the_table(self):
        method(is_live=True)

        assert offers(live={"tracked-48": Decimal("7.35")})[0].price == Decimal("7.35")
        assert offers(live={"tracked-48": None})[0].price == Decimal("3.90")

    def test_what_the_table_gives_away_stays_free(self):
        made = MethodFactory(is_live=True)
        RateFactory(method=made, free_from=Decimal(60))

        found = offers(goods=Decimal(60), live={"tracked-48": Decimal(7)})

        assert found[0].price == 0


class TestPlaces:
    def test_only_some_postcodes(self):
        method("islands", postcodes=["im", "JE"])

        assert offers() == []
        assert codes(offers(to=Destination("GB", "im1 1aa"))) == ["islands"]
        assert offers(to=Destination("GB")) == []

    def test_never_other_postcodes(self):
        method(not_postcodes=["BT"])

        assert offers(to=Destination("GB", "bt1 1aa")) == []
        assert codes(offers()) == ["tracked-48"]
        assert codes(offers(to=Destination("GB"))) == ["tracked-48"]

    def test_not_into_another_country(self):
        method()

        assert offers(to=Destination("FR", "75001")) == []


class TestGoods:
    def test_all_of_a_parcel_must_be_of_its_categories(self):
        item = ProductFactory()
        method().categories.add(item.category)
        inside = Piece(1, 1, 400, categories=frozenset({item.category.pk}))

        assert codes(offers(inside)) == ["tracked-48"]
        assert offers(inside, Piece(2, 1, 400)) == []

    def test_never_some_categories_or_products(self):
        item = ProductFactory()
        method("a").not_categories.add(item.category)
        method("b").not_products.add(item)
        piece = Piece(1, 1, 4, product_id=item.pk, categories=frozenset({item.category.pk}))

        assert offers(piece) == []
        assert codes(offers(Piece(2, 1, 4))) == ["a", "b"]

    def test_too_long_too_thick_too_heavy(self):
        method("long", max_length_mm=300)
        method("thick", max_girth_mm=999)
        method("heavy", max_parcel_grams=400)

        # 300 x 200 x 150 mm: once around and along it are 1,000 mm.
        BoxFactory()
        assert codes(offers(Piece(1, 1, 290, 250, 150, 100))) == ["heavy", "long"]
        assert codes(offers(Piece(1, 1, 400, 250, 150, 100))) == ["long"]
        assert codes(offers(Piece(1, 1, 400))) == ["heavy", "long", "thick"]


class TestDays:
    def test_counted_on_working_days(self):
        method(min_days=1, max_days=2)

        (found,) = offers()

        assert (found.arrives_from, found.arrives_by) == (
            dt.date(2026, 11, 23),
            dt.date(2026, 11, 24),
        )

    def test_days_in_the_house_come_first(self):
        method(min_days=1, max_days=1, handling_days=2)

        # Ready on Tuesday.
        assert offers()[0].arrives_by == dt.date(2026, 11, 25)

    def test_a_carrier_fetches_on_his_days_and_brings_on_his(self):
        carrier = CarrierFactory(collects_on=[2], delivers_on=[4, 5])
        method(min_days=1, max_days=2, provider=carrier)

        (found,) = offers()

        # Fetched on Wednesday, brought on Friday or Saturday.
        assert (found.arrives_from, found.arrives_by) == (
            dt.date(2026, 11, 27),
            dt.date(2026, 11, 28),
        )

    def test_nobody_brings_anything_on_a_holiday_there(self):
        made = method(min_days=1, max_days=1)
        made.zone.countries = ["DE"]
        made.zone.save()
        before = dt.datetime(2026, 10, 2, 9, 0, tzinfo=dt.UTC)

        found = deliveries(
            to=Destination("DE", "10115"),
            pieces=[Piece(1, 1, 1)],
            currency="GBP",
            goods=GOODS,
            now=before.replace(day=30),
        )

        # All Saints is a Sunday in 2026; the Monday after is an ordinary day.
        assert found[0].arrives_by == dt.date(2026, 11, 2)


class TestMarks:
    def test_the_cheapest_and_the_fastest_are_marked(self):
        method("slow", "2.00", min_days=4, max_days=5)
        method("middle", "4.00", min_days=2, max_days=3)
        method("fast", "8.00", min_days=1, max_days=1)

        found = {one.code: one for one in offers()}

        assert found["slow"].is_cheapest
        assert not found["slow"].is_fastest
        assert found["fast"].is_fastest
        assert not found["middle"].is_cheapest
        assert not found["middle"].is_fastest

    def test_a_single_way_is_not_marked(self):
        method()

        assert not offers()[0].is_cheapest

    def test_a_zone_tells_of_duties(self):
        made = method()
        made.zone.duties_note = "Duties are yours to pay."
        made.zone.save()

        assert offers()[0].note == "Duties are yours to pay."


class TestPromises:
    def test_the_product_page_promises_the_door_only(self):
        method("point", "1.00", kind=Method.Kind.POINT)
        method("collect", "0.00", kind=Method.Kind.COLLECT)
        method()

        found = promise(country="GB", currency="GBP", grams=400, goods=GOODS, now=NOW)

        assert found.price == Decimal("3.90")

    def test_ways_and_boxes_are_read_once_until_one_is_changed(self, django_assert_num_queries):
        BoxFactory()
        for number in range(4):
            method(f"way-{number}")
        assert len(offers(Piece(1, 1, 400, 100, 100, 100))) == 4

        with django_assert_num_queries(1):
            assert len(offers(Piece(1, 1, 400, 100, 100, 100))) == 4


class TestVerdicts:
    def test_staff_are_told_why_not(self):
        method("islands", postcodes=["IM"])
        method("off", is_active=False)
        method("euros")
        Method.objects.get(code="euros").rates.update(currency="EUR")
        method()

        found = judged(
            to=LONDON,
            parcels=packed([Piece(1, 1, 9)]).parcels,
            currency="GBP",
            goods=GOODS,
            now=NOW,
        )

        assert {one.method.code: one.problem for one in found} == {
            "tracked-48": "",
            "islands": "It does not go to this postcode.",
            "off": "It is not offered.",
            "euros": "It has no rate in GBP.",
        }


class TestRestrictions:
    @pytest.fixture
    def tea(self):
        rule = Restriction.objects.create(
            name="Tea", countries=["GB"], reason="Tea may not be imported."
        )
        item = ProductFactory()
        rule.categories.add(item.category)
        return Piece(7, 1, 100, product_id=item.pk, categories=frozenset({item.category.pk}))

    def test_a_category_is_blocked_with_its_reason(self, tea):
        assert blocked(pieces=[tea, Piece(8, 1, 1)], country="GB") == {
            7: "Tea may not be imported."
        }
        assert blocked(pieces=[tea], country="FR") == {}

    def test_everywhere_but_where_it_may_go(self, tea):
        Restriction.objects.update(is_inverted=True)

        assert blocked(pieces=[tea], country="GB") == {}
        assert blocked(pieces=[tea], country="FR") == {7: "Tea may not be imported."}

    def test_one_that_is_off_blocks_nothing(self, tea):
        Restriction.objects.update(is_active=False)

        assert blocked(pieces=[tea], country="GB") == {}
