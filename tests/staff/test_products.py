"""Products with their variants, options and pictures in one form."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow

from catalog.models import Image, Option, OptionValue, Price, Product, Variant
from catalog.services import options
from inventory.models import StockMovement
from shop.outbox.models import Message
from tests.factories import (
    CategoryFactory,
    MarketFactory,
    ProductFactory,
    ProductTypeFactory,
    VariantFactory,
    in_stock,
    placed_order,
    stock_of,
)
from tests.staff.forms import NO_ROWS, address_of, form_of

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/product/"


@pytest.fixture
def mug(demo_market):
    """A product in two glazes, one of them in stock."""
    product = ProductFactory(title="Foot-ring mug")
    glaze = Option.objects.create(product=product, name="Glaze")
    for position, name in enumerate(("Ash", "Moss", "Oxblood")):
        OptionValue.objects.create(option=glaze, name=name, position=position)
    for name in ("Ash", "Moss"):
        variant = VariantFactory(product=product, sku=f"MUG-{name.upper()}", label=name)
        variant.values.set(glaze.values.filter(name=name))
    in_stock(5, variant=product.variants.get(sku="MUG-ASH"))
    return product


def save(owner, product, **changes):
    data = form_of(owner.get(address_of(product))) | changes
    return owner.post(address_of(product), data)


def row_of(owner, product, sku):
    page = owner.get(address_of(product))
    rows = page.context["inline_admin_formsets"][0].formset.forms
    return next(form.prefix for form in rows if form.instance.sku == sku)


def test_saving_without_a_change_changes_nothing(owner, mug):
    before = list(mug.variants.order_by("pk").values_list("sku", "label"))
    movements = StockMovement.objects.count()

    answer = save(owner, mug)

    assert answer.status_code == 302
    assert list(mug.variants.order_by("pk").values_list("sku", "label")) == before
    assert StockMovement.objects.count() == movements


def test_prices_of_every_market_stand_in_the_row(owner, mug):
    MarketFactory(eu=True)
    row = row_of(owner, mug, "MUG-ASH")

    save(owner, mug, **{f"{row}-price_uk": "24.50", f"{row}-was_uk": "30", f"{row}-price_eu": "28"})

    prices = Price.objects.filter(variant__sku="MUG-ASH")
    assert dict(prices.values_list("market__code", "amount")) == {
        "uk": Decimal("24.500"),
        "eu": Decimal("28.000"),
    }
    assert prices.get(market__code="uk").compare_at == Decimal(30)


def test_an_emptied_price_takes_the_variant_off_that_market(owner, mug):
    row = row_of(owner, mug, "MUG-ASH")

    save(owner, mug, **{f"{row}-price_uk": ""})

    assert not Price.objects.filter(variant__sku="MUG-ASH").exists()


def test_the_old_price_must_be_higher(owner, mug):
    row = row_of(owner, mug, "MUG-ASH")

    answer = save(owner, mug, **{f"{row}-was_uk": "20"})

    assert answer.status_code == 200
    assert "Must be higher than the price." in answer.content.decode()


def test_typing_a_count_moves_stock_with_a_reason(owner, mug):
    row = row_of(owner, mug, "MUG-ASH")

    save(owner, mug, **{f"{row}-on_hand": "8"})

    movement = StockMovement.objects.latest("pk")
    assert stock_of(mug.variants.get(sku="MUG-ASH")) == (8, 0)
    assert (movement.on_hand_change, movement.reason) == (3, "edited on the product page")
    assert movement.actor.name == "Owner"


def test_no_count_may_break_a_promise(owner, mug):
    placed_order(variant=mug.variants.get(sku="MUG-ASH"), quantity=4)
    row = row_of(owner, mug, "MUG-ASH")

    answer = save(owner, mug, **{f"{row}-on_hand": "3"})

    assert answer.status_code == 200
    assert "4 are promised to orders." in answer.content.decode()


def test_two_variants_can_swap_their_values(owner, mug):
    ash, moss = (OptionValue.objects.get(name=name) for name in ("Ash", "Moss"))
    first, second = row_of(owner, mug, "MUG-ASH"), row_of(owner, mug, "MUG-MOSS")
    field = f"option_{ash.option_id}"

    save(owner, mug, **{f"{first}-{field}": moss.pk, f"{second}-{field}": ash.pk})

    assert dict(mug.variants.values_list("sku", "label")) == {"MUG-ASH": "Moss", "MUG-MOSS": "Ash"}


def test_two_variants_can_not_be_the_same(owner, mug):
    ash = OptionValue.objects.get(name="Ash")
    row = row_of(owner, mug, "MUG-MOSS")

    answer = save(owner, mug, **{f"{row}-option_{ash.option_id}": ash.pk})

    assert answer.status_code == 200
    assert "Another row stands for the same values." in answer.content.decode()


def test_two_rows_can_not_share_a_sku_in_any_case(owner, mug):
    row = row_of(owner, mug, "MUG-MOSS")

    answer = save(owner, mug, **{f"{row}-sku": "mug-ash"})

    assert answer.status_code == 200


def test_a_saved_product_is_owed_fresh_cards(owner, mug):
    Message.objects.all().delete()

    save(owner, mug, title="Heavy mug")

    owed = Message.objects.filter(topic="browsing.refresh_cards")
    assert mug.pk in owed.get().payload["product_ids"]


def test_a_new_product_is_written_with_its_first_variant(owner, demo_market):
    answer = owner.post(
        f"{LIST}add/",
        NO_ROWS
        | {
            "title": "Salt pig",
            "slug": "salt-pig",
            "type": ProductTypeFactory().pk,
            "specs": "Height: 9.8 cm\n\nHolds: 300 g",
            "description": '<p onclick="x()">Salt</p><script>alert(1)</script>',
            "popularity": 0,
            "_move": "publish",
            "variants-TOTAL_FORMS": 1,
            "variants-0-sku": "PIG-1",
            "variants-0-price_uk": "34",
            "variants-0-on_hand": "6",
            "variants-0-grams": 700,
            "variants-0-max_quantity": 9,
            "variants-0-min_quantity": "",
            "variants-0-position": 0,
            "variants-0-is_active": "on",
        },
    )

    assert answer.status_code == 302
    product = Product.objects.get(slug="salt-pig")
    assert product.description == "<p>Salt</p>"
    assert product.specs == [["Height", "9.8 cm"], ["Holds", "300 g"]]
    assert product.published_at is not None
    assert stock_of(product.variants.get(sku="PIG-1")) == (6, 0)


def test_a_line_without_a_colon_is_no_specification(owner, mug):
    answer = save(owner, mug, specs="Height 9.8 cm")

    assert "“Height 9.8 cm” has no colon." in answer.content.decode()


def test_an_uploaded_picture_is_written_anew_and_owed_its_copies(owner, mug):
    upload = SimpleUploadedFile("mug.png", picture(), "image/png")

    save(owner, mug, **{**new_picture(), "images-0-upload": upload, "images-0-alt": "A mug"})

    image = Image.objects.get(product=mug)
    assert image.file.name.endswith(".webp")
    assert Message.objects.filter(topic="images.render", payload={"image_id": image.pk}).exists()


def test_what_is_no_picture_is_refused_in_words(owner, mug):
    upload = SimpleUploadedFile("mug.png", b"<svg onload=alert(1)>", "image/png")

    answer = save(owner, mug, **{**new_picture(), "images-0-upload": upload})

    assert "This is not a PNG" in answer.content.decode()
    assert not Image.objects.filter(product=mug).exists()


def picture():
    content = io.BytesIO()
    Pillow.new("RGB", (60, 80), "white").save(content, "PNG")
    return content.getvalue()


def new_picture():
    return {"images-TOTAL_FORMS": 1, "images-0-position": 0, "images-0-shows": ""}


def test_values_are_a_list_of_words(owner, mug):
    option = mug.options.get()
    page = owner.get(address_of(mug))
    row = page.context["inline_admin_formsets"][1].formset.forms[0].prefix

    save(owner, mug, **{f"{row}-values": "Moss\nAsh\nFog"})

    names = option.values.order_by("position").values_list("name", flat=True)
    assert list(names) == ["Moss", "Ash", "Fog"]


def test_a_value_in_use_stays(owner, mug):
    page = owner.get(address_of(mug))
    row = page.context["inline_admin_formsets"][1].formset.forms[0].prefix

    answer = save(owner, mug, **{f"{row}-values": "Moss"})

    assert "Variants still have: Ash." in answer.content.decode()
    assert mug.options.get().values.count() == 3


def test_renaming_a_value_renames_its_variants(owner, mug):
    option, ash = mug.options.get(), OptionValue.objects.get(name="Ash")
    address = reverse("admin:catalog_option_change", args=[option.pk])
    data = form_of(owner.get(address))
    place = next(name for name, value in data.items() if value == "Ash")

    owner.post(address, data | {place: "White ash"})

    assert ash.variants.get().label == "White ash"


def test_missing_variants_are_made_after_the_first(owner, mug):
    address = reverse("admin:catalog_product_missing", args=[mug.pk])

    shown = owner.get(address)
    assert shown.context["combinations"] == ["Oxblood"]
    owner.post(address)

    made = mug.variants.get(label="Oxblood")
    assert made.prices.get().amount == Decimal(22)
    assert options.missing(product=mug) == []


def test_products_are_found_by_title_sku_and_barcode(owner, mug):
    Variant.objects.filter(sku="MUG-MOSS").update(barcode="5012345678900")
    VariantFactory(product=ProductFactory(title="Teapot"), sku="POT-1")

    for words in ("foot-ring", "mug-ash", "MUG-", "5012345678900"):
        found = owner.get(LIST, {"q": words}).context["cl"].result_list
        assert [one.pk for one in found] == [mug.pk], words


def test_the_list_asks_the_same_number_of_questions_for_many_rows(
    owner, demo_market, django_assert_num_queries, django_assert_max_num_queries
):
    in_stock(3)
    owner.get(LIST)
    with django_assert_max_num_queries(25) as few:
        owner.get(LIST)
    for _ in range(7):
        in_stock(3, product=ProductFactory(category=CategoryFactory(name="Bowls")))

    with django_assert_num_queries(len(few)):
        owner.get(LIST)


def test_who_may_only_look_gets_no_form(sign_in, mug):
    warehouse = sign_in("warehouse")

    page = warehouse.get(address_of(mug))
    answer = warehouse.post(address_of(mug), {"title": "Mine"})

    assert "MUG-ASH" in page.content.decode()
    assert answer.status_code == 403
