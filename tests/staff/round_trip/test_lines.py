"""Lines of a list: looked at first, applied, taken back."""

from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import (
    Attribute,
    AttributeValue,
    Price,
    PriceHistory,
    Product,
    TypeAttribute,
    Variant,
)
from shop.outbox.models import Message
from shop.processes import round_trip
from tests.factories import (
    CategoryFactory,
    ProductTypeFactory,
    in_stock,
    placed_order,
)
from tests.staff.round_trip.lists import (
    outcomes,
    text_of,
    texts,
    work,
)

pytestmark = pytest.mark.django_db


# Looking


def test_a_check_shows_each_change_and_makes_none(check, mug):
    run = check(text_of("sku,title,price:uk", "MUG-1,Heavy mug,24", "mug-2,Foot-ring mug,26.00"))

    first = run.rows.get(number=2)
    assert (run.status, run.total, run.done) == ("ready", 2, 2)
    assert outcomes(run) == ["updated", "skipped"]
    assert texts(first.before) == {"title": "Foot-ring mug", "price:uk": "22.00"}
    assert texts(first.after) == {"title": "Heavy mug", "price:uk": "24.00"}
    assert Product.objects.get().title == "Foot-ring mug"
    assert Price.objects.get(variant__sku="MUG-1").amount == Decimal(22)
    assert not PriceHistory.objects.filter(amount=24).exists()


def test_a_bad_line_is_refused_with_its_reason_and_stops_no_other(apply, mug):
    run = apply(
        text_of(
            "sku,price:uk,weight_g,for_sale",
            "MUG-1,cheap,12.5,perhaps",
            "MUG-2,27,410,yes",
            ",12,1,yes",
        )
    )

    assert outcomes(run) == ["refused", "updated", "refused"]
    problem = run.rows.get(number=2).problem
    assert "price:uk: “cheap” is not a number" in problem
    assert "weight_g: “12.5” has too many places" in problem
    assert "for_sale: “perhaps” is neither yes nor no" in problem
    assert run.rows.get(number=4).problem == "The column “sku” is blank."
    assert Variant.objects.get(sku="MUG-2").grams == 410


def test_columns_nobody_knows_are_named_and_missing_ones_left_alone(apply, mug):
    run = apply(text_of("sku,colour of box,brand", "MUG-1,red,Weft"))

    product = Product.objects.get()
    assert "colour of box" in run.problem
    assert (product.brand, product.tags) == ("Weft", ["new", "gift"])


def test_a_blank_cell_empties_what_may_be_empty_and_keeps_the_rest(apply, mug):
    run = apply(text_of("sku,title,brand,tags,barcode,weight_g", "MUG-1,,,,,"))

    variant = Variant.objects.get(sku="MUG-1")
    assert texts(run.rows.get().after) == {"brand": "", "tags": "", "barcode": ""}
    assert (variant.barcode, variant.grams) == ("", 390)
    assert (variant.product.title, variant.product.brand) == ("Foot-ring mug", "")


def test_two_lines_of_a_product_that_say_different_things_are_told_apart(check, mug):
    run = check(text_of("sku,title", "MUG-1,Heavy mug", "MUG-2,Light mug"))

    assert outcomes(run) == ["updated", "refused"]
    assert "line 2 of the same product says “Heavy mug”" in run.rows.get(number=3).problem


def test_one_changed_line_is_enough_for_a_product(apply, mug):
    run = apply(text_of("sku,title", "MUG-1,Foot-ring mug", "MUG-2,Heavy mug"))

    assert outcomes(run) == ["skipped", "updated"]
    assert Product.objects.get().title == "Heavy mug"


def test_a_sku_that_is_there_twice_counts_once(check, mug):
    run = check(text_of("sku,weight_g", "MUG-1,400", "mug-1,500"))

    assert outcomes(run) == ["updated", "refused"]
    assert run.rows.get(number=3).problem == "This SKU is already in line 2."


def test_a_step_that_no_product_takes_is_refused_while_it_is_only_looked_at(check, mug):
    Product.objects.update(status="archived")

    run = check(text_of("sku,status", "MUG-1,active"))

    assert outcomes(run) == ["refused"]
    assert "can't go from" in run.rows.get().problem


def test_answers_are_read_as_their_kind_and_only_where_the_type_asks(apply, mug):
    capacity = Attribute.objects.create(code="capacity", name="Capacity", kind="number", unit="ml")
    Attribute.objects.create(code="firing", name="Firing", kind="text")
    TypeAttribute.objects.create(type=mug.type, attribute=capacity)

    run = apply(text_of("sku,attribute:capacity,attribute:firing", "MUG-1,320,", "MUG-2,320,Gas"))

    assert outcomes(run) == ["updated", "refused"]
    assert AttributeValue.objects.get().number == 320
    assert "does not ask for it" in run.rows.get(number=3).problem


# Applying


def test_applying_writes_history_prices_and_owes_cards(apply, mug, editor):
    Message.objects.all().delete()

    run = apply(text_of("sku,title,price:uk,compare_at:uk", "MUG-1,Heavy mug,20,22"))

    price, entry = Price.objects.get(variant__sku="MUG-1"), mug.history.first()
    assert (run.status, run.updated) == ("applied", 1)
    assert (price.amount, price.compare_at) == (Decimal(20), Decimal(22))
    assert (entry.title, entry.history_user) == ("Heavy mug", editor)
    assert entry.history_change_reason == "list.csv"
    assert PriceHistory.objects.filter(amount=20).count() == 1
    assert Message.objects.filter(topic="browsing.refresh_cards").exists()


def test_what_was_changed_since_the_check_is_not_overwritten(check, editor, mug):
    run = check(text_of("sku,title", "MUG-1,Heavy mug"))
    Product.objects.update(title="Their mug")

    round_trip.apply(run_id=run.pk, actor=editor, now=timezone.now())
    work(run, editor)

    assert Product.objects.get().title == "Their mug"
    assert run.failed == 1
    assert "it is “Their mug” now" in run.rows.get().problem


def test_a_worker_that_dies_is_carried_on_from_and_nothing_is_done_twice(
    check, editor, mug, monkeypatch
):
    monkeypatch.setattr(round_trip, "BATCH", 1)
    run = check(text_of("sku,weight_g", "MUG-1,400", "MUG-2,500"))
    round_trip.apply(run_id=run.pk, actor=editor, now=timezone.now())

    dying = round_trip.work(run_id=run.pk, actor_id=editor.pk, now=timezone.now())
    next(dying)
    dying.close()
    run.refresh_from_db()
    assert (run.status, run.done) == ("applying", 1)
    work(run, editor)

    assert (run.status, run.updated) == ("applied", 2)
    histories = [variant.history.count() for variant in Variant.objects.all()]
    assert histories == [2, 2]


def test_an_import_is_applied_once(apply, editor, mug):
    run = apply(text_of("sku,weight_g", "MUG-1,400"))

    with pytest.raises(round_trip.runs.NotNow):
        round_trip.apply(run_id=run.pk, actor=editor, now=timezone.now())


def test_a_new_sku_makes_a_product_with_its_variants(apply, demo_market):
    ProductTypeFactory()
    CategoryFactory(name="Bowls")

    run = apply(
        text_of(
            "sku,slug,title,type,category,status,options,price:uk,weight_g",
            "POT-S,salt-pot,Salt pot,stoneware,bowls,active,Size: Small,12,300",
            "POT-L,salt-pot,Salt pot,stoneware,bowls,active,Size: Large,15,500",
        )
    )

    product = Product.objects.get(slug="salt-pot")
    assert outcomes(run) == ["created", "created"], [r.problem for r in run.rows.all()]
    assert [one.label for one in product.variants.order_by("position")] == ["Small", "Large"]
    assert (product.status, product.category.url_path) == ("active", "bowls")
    assert product.published_at is not None


def test_a_new_product_without_what_it_needs_is_refused(check, demo_market):
    run = check(text_of("sku,slug", "POT-S,salt-pot"))

    assert "a new product needs: title, type" in run.rows.get().problem


# Taking back


def test_undoing_brings_back_what_was_there(apply, undo, mug):
    run = apply(text_of("sku,title,price:uk,barcode", "MUG-1,Heavy mug,30,"))

    undo(run)

    variant = Variant.objects.get(sku="MUG-1")
    assert run.status == "undone"
    assert (variant.product.title, variant.barcode) == ("Foot-ring mug", "5012345678900")
    assert variant.prices.get().amount == Decimal(22)
    assert run.rows.get().is_undone


def test_undoing_leaves_alone_what_somebody_changed_since(apply, undo, mug):
    run = apply(text_of("sku,title,brand", "MUG-1,Heavy mug,Weft"))
    Product.objects.update(title="Their mug")

    undo(run)

    product, row = Product.objects.get(), run.rows.get()
    assert (product.title, product.brand) == ("Their mug", "Marl")
    assert not row.is_undone
    assert "title" in row.problem


def test_undoing_deletes_what_was_new_and_keeps_what_was_sold(apply, undo, demo_market):
    ProductTypeFactory()
    run = apply(
        text_of(
            "sku,title,status,type,price:uk",
            "POT-1,Salt pot,active,stoneware,12",
            "JAR-1,Jam jar,active,stoneware,9",
        )
    )
    sold = Variant.objects.get(sku="JAR-1")
    in_stock(3, variant=sold)
    placed_order(variant=sold, quantity=1)

    undo(run)

    assert not Product.objects.filter(title="Salt pot").exists()
    assert Product.objects.get(title="Jam jar").status == "archived"
    assert not Variant.objects.get(sku="JAR-1").is_active
    assert "taken off sale" in run.rows.get(sku="JAR-1").problem
