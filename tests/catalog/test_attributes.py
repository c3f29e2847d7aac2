"""Typed attributes: what a type asks, what products answer, how the page says it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from catalog.models import AttributeValue
from catalog.queries.attributes import spec_rows, unanswered
from catalog.queries.products import sheets
from catalog.services.attributes import AnswersMissing, BadAnswers, check_answered, set_answers
from tests.factories import ProductFactory, ProductTypeFactory
from tests.factories.questions import answer, ask
from tests.factories.shelf import product_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def stoneware():
    kind = ProductTypeFactory()
    ask(kind, "capacity", "number", unit="ml")
    ask(kind, "clay", "choice", choices=["Buff stoneware", "Porcelain"])
    ask(kind, "dishwasher-safe", "bool")
    ask(kind, "fired-on", "date")
    ask(kind, "maker", "text")
    return kind


@pytest.fixture
def mug(stoneware):
    return ProductFactory(type=stoneware, specs=[["Batch", "Kiln 14"]])


def specs_of(product):
    return spec_rows(sheets(product.slug, market=0).get())


def test_the_specification_shows_typed_answers_and_then_the_free_rows(mug):
    answer(
        mug,
        capacity=Decimal("1240.5"),
        clay="Porcelain",
        dishwasher_safe=True,
        fired_on=dt.date(2026, 5, 4),
        maker="Wen",
    )

    assert specs_of(mug) == [
        ("Capacity", "1,240.5 ml"),
        ("Clay", "Porcelain"),
        ("Dishwasher safe", "Yes"),
        ("Fired on", "4 May 2026"),
        ("Maker", "Wen"),
        ("Batch", "Kiln 14"),
    ]


def test_numbers_and_dates_follow_the_language(mug):
    answer(mug, capacity="1240.5", fired_on="2026-05-04")

    with override("de"):
        assert [said for _name, said in specs_of(mug)][:2] == ["1.240,5 ml", "4 Mai 2026"]


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("capacity", "320 ml", Decimal(320)),
        ("capacity", " 2.5 ", Decimal("2.5")),
        ("capacity", 0, Decimal(0)),
        ("clay", "buff STONEWARE", "Buff stoneware"),
        ("dishwasher-safe", "no", False),
        ("dishwasher-safe", "1", True),
        ("fired-on", "2026-05-04", dt.date(2026, 5, 4)),
        ("maker", " W\x00en ", "Wen"),
    ],
)
def test_answers_may_be_written_as_people_write_them(mug, code, typed, kept):
    set_answers(product=mug, answers={code: typed})

    value = AttributeValue.objects.select_related("choice").get()
    columns = (value.text, value.number, value.choice and value.choice.name, value.is_true)
    assert kept in (*columns, value.day)


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        ("capacity", "much", "“much” is not a number"),
        ("capacity", "NaN", "not a number"),
        ("capacity", "1" * 11, "not a number"),
        ("capacity", "1.23456", "not a number"),
        ("capacity", True, "not a number"),
        ("clay", "Bone", "none of Buff stoneware, Porcelain"),
        ("dishwasher-safe", "perhaps", "yes or no"),
        ("fired-on", "4.5.2026", "not a date such as 2026-05-04"),
        ("maker", "x" * 256, "at most 255 characters; these are 256"),
        ("colour", "Ash", "asks nothing called “colour”"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused_in_words(mug, code, typed, words):
    with pytest.raises(BadAnswers) as refused:
        set_answers(product=mug, answers={code: typed})

    assert words in refused.value.problems[code]


def test_of_several_answers_all_that_are_wrong_are_told_and_none_is_kept(mug):
    with pytest.raises(BadAnswers) as refused:
        set_answers(product=mug, answers={"capacity": "x", "fired-on": "y", "maker": "Wen"})

    assert set(refused.value.problems) == {"capacity", "fired-on"}
    assert not AttributeValue.objects.exists()


def test_an_answer_can_be_changed_and_taken_away(mug):
    answer(mug, capacity=320, maker="Wen")

    answer(mug, capacity=350, maker="")

    assert [value.number for value in AttributeValue.objects.all()] == [350]


def test_what_the_type_does_not_ask_any_more_is_not_shown(mug, stoneware):
    answer(mug, maker="Wen")
    stoneware.asks.filter(attribute__code="maker").delete()

    assert specs_of(mug) == [("Batch", "Kiln 14")]


def test_a_product_is_not_sold_before_it_answers_what_is_needed(mug, stoneware):
    stoneware.asks.filter(attribute__code__in=["capacity", "clay"]).update(is_required=True)
    answer(mug, clay="Porcelain")

    with pytest.raises(AnswersMissing) as refused:
        check_answered(mug)

    assert refused.value.names == ["Capacity"]
    answer(mug, capacity=320)
    check_answered(mug)


def test_what_is_open_is_found_for_many_products_in_three_queries(
    stoneware, django_assert_max_num_queries
):
    stoneware.asks.filter(attribute__code="capacity").update(is_required=True)
    mugs = [ProductFactory(type=stoneware) for _number in range(4)]
    answer(mugs[0], capacity=320)

    with django_assert_max_num_queries(3):
        found = unanswered([mug.pk for mug in mugs])

    assert set(found) == {mug.pk for mug in mugs[1:]}


def test_the_product_page_shows_the_answers(client, demo_market, stoneware):
    mug = product_with(type=stoneware)
    answer(mug, capacity=320)

    page = client.get(f"/p/{mug.slug}/")

    assert ("Capacity", "320 ml") in page.context["details"].specs
    assert "320 ml" in page.content.decode()


def test_a_new_attribute_takes_no_migration(stoneware):
    ask(stoneware, "glaze-count", "number", unit="")

    mug = answer(ProductFactory(type=stoneware), glaze_count=3)

    assert specs_of(mug) == [("Glaze count", "3")]
