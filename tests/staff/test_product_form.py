"""A product's page: its life in steps, answers, safety, many pictures, barcodes, a copy."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from catalog.models import (
    Attribute,
    AttributeChoice,
    AttributeValue,
    Extra,
    Image,
    Option,
    OptionValue,
    Product,
    SafetyParty,
    TypeAttribute,
    Variant,
)
from catalog.services import attributes
from tests.factories import (
    ImageFactory,
    MarketFactory,
    PriceFactory,
    ProductFactory,
    VariantFactory,
    in_stock,
)
from tests.staff.forms import address_of, form_of

pytestmark = pytest.mark.django_db
Kind = Attribute.Kind


@pytest.fixture
def draft(demo_market):
    """A draft in two glazes, with a price."""
    product = ProductFactory(title="Foot-ring mug", status="draft", published_at=None)
    glaze = Option.objects.create(product=product, name="Glaze")
    for position, name in enumerate(("Ash", "Moss")):
        value = OptionValue.objects.create(option=glaze, name=name, position=position)
        variant = VariantFactory(product=product, sku=f"MUG-{name.upper()}", label=name)
        variant.values.set([value])
    return product


def ask(product, code, kind, *, is_required=False, **fields):
    attribute = Attribute.objects.create(code=code, name=code.capitalize(), kind=kind, **fields)
    TypeAttribute.objects.create(
        type=product.type, attribute=attribute, is_required=is_required, position=attribute.pk
    )
    return attribute


def save(owner, product, **changes):
    data = form_of(owner.get(address_of(product))) | changes
    answer = owner.post(address_of(product), data)
    product.refresh_from_db()
    return answer


def told(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def row_of(owner, product, sku):
    page = owner.get(address_of(product))
    rows = page.context["inline_admin_formsets"][0].formset.forms
    return next(form.prefix for form in rows if form.instance.sku == sku)


def picture(name="mug.png"):
    content = io.BytesIO()
    Pillow.new("RGB", (60, 80), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


# Its life


def test_publishing_saves_what_was_typed_and_puts_it_on_sale(owner, draft):
    answer = save(owner, draft, title="Heavy mug", _move="publish")

    assert answer.status_code == 302
    assert draft.title == "Heavy mug"
    assert draft.is_on_sale(now=timezone.now())


def test_what_is_not_ready_is_saved_but_not_sold_and_says_why(owner, draft):
    ask(draft, "capacity", Kind.NUMBER, unit="ml", is_required=True)

    answer = save(owner, draft, title="Heavy mug", _move="publish")

    assert (draft.title, draft.status) == ("Heavy mug", "draft")
    assert "Not answered: Capacity." in told(answer)


def test_a_schedule_needs_a_day_to_come(owner, draft):
    refused = save(owner, draft, _move="schedule")

    assert draft.status == "draft"
    assert "Say first when it goes on sale" in told(refused)

    day = timezone.now() + dt.timedelta(days=3)
    save(owner, draft, published_at_0=f"{day:%Y-%m-%d}", published_at_1="09:00", _move="schedule")

    assert draft.status == "active"
    assert not draft.is_on_sale(now=timezone.now())
    assert draft.is_on_sale(now=day + dt.timedelta(days=1))
    assert "Scheduled" in owner.get(address_of(draft)).content.decode()


def test_an_end_before_the_beginning_is_named(owner, draft):
    dates = {"published_at_0": "2026-12-02", "published_at_1": "09:00"}
    end = {"unpublished_at_0": "2026-12-01", "unpublished_at_1": "09:00"}

    answer = save(owner, draft, **dates, **end)

    assert "Must be later than the beginning." in answer.content.decode()


def test_buttons_show_only_the_steps_that_can_be_taken(owner, draft):
    state = owner.get(address_of(draft)).context["state"]

    steps = [one.value for one in (*state.first, *state.further)]
    assert steps == ["publish", "schedule", "sourcing", "idea", "archived"]


def test_a_step_nobody_offered_changes_nothing(owner, draft):
    answer = save(owner, draft, _move="nonsense")

    assert draft.status == "draft"
    assert "no such step" in told(answer)


# What its type asks


def test_answers_are_typed_fields_and_are_kept(owner, draft):
    ask(draft, "capacity", Kind.NUMBER, unit="ml")
    safe = ask(draft, "dishwasher", Kind.BOOL)
    clay = ask(draft, "clay", Kind.CHOICE)
    AttributeChoice.objects.create(attribute=clay, name="Stoneware")

    save(
        owner,
        draft,
        answer_capacity="320",
        answer_dishwasher="no",
        answer_clay="Stoneware",
    )

    answers = AttributeValue.objects.filter(product=draft)
    assert answers.get(attribute__code="capacity").number == Decimal(320)
    assert answers.get(attribute=safe).is_true is False
    assert answers.get(attribute=clay).choice.name == "Stoneware"
    assert save(owner, draft).status_code == 302
    assert answers.count() == 3


def test_an_answer_of_the_wrong_kind_is_named_at_its_field(owner, draft):
    ask(draft, "capacity", Kind.NUMBER, unit="ml")

    answer = save(owner, draft, answer_capacity="a lot")

    assert "answer_capacity" in answer.context["adminform"].form.errors
    assert not AttributeValue.objects.exists()


# Safety


def test_nothing_is_published_to_an_eu_market_without_its_manufacturer(owner, draft):
    Product.objects.filter(pk=draft.pk).update(manufacturer=None, needs_no_warning=False)
    PriceFactory(variant=draft.variants.first(), market=MarketFactory(eu=True))

    answer = save(owner, draft, _move="publish")

    assert draft.status == "draft"
    assert "European Union: The manufacturer is not named." in told(answer)

    maker = SafetyParty.objects.create(name="Kiln", address="Cork", country="IE", contact="a@b.ie")
    save(owner, draft, manufacturer=maker.pk, warning_en="Hot.", _move="publish")

    assert draft.status == "active"
    assert draft.warnings == {"en": "Hot."}


# Pictures


def test_many_pictures_come_at_once_and_a_hostile_one_stops_no_other(owner, draft):
    ImageFactory(product=draft, position=4)
    hostile = SimpleUploadedFile("evil.svg", b"<svg onload=alert(1)>", "image/svg+xml")

    answer = save(owner, draft, new_pictures=[picture("a.png"), hostile, picture("b.png")])

    places = Image.objects.filter(product=draft).order_by("position").values_list("position")
    assert [place for (place,) in places] == [4, 5, 6]
    assert "2 pictures added." in told(answer)
    assert "evil.svg: This is not a PNG" in told(answer)


# The grid


@pytest.mark.parametrize(
    ("typed", "words"),
    [("4006381333932", "The last digit does not fit"), ("12345", "8, 12, 13 or 14 digits")],
)
def test_a_wrong_barcode_is_named(owner, draft, typed, words):
    row = row_of(owner, draft, "MUG-ASH")

    answer = save(owner, draft, **{f"{row}-barcode": typed})

    assert words in answer.content.decode()


def test_a_barcode_is_kept_without_its_spaces(owner, draft):
    row = row_of(owner, draft, "MUG-ASH")

    save(owner, draft, **{f"{row}-barcode": "4006381 333931"})

    assert draft.variants.get(sku="MUG-ASH").barcode == "4006381333931"


def test_quantities_and_contents_have_to_agree(owner, draft):
    row = row_of(owner, draft, "MUG-ASH")

    answer = save(
        owner,
        draft,
        **{f"{row}-min_quantity": "12", f"{row}-max_quantity": "6", f"{row}-content": "250"},
    )

    errors = answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert set(errors) == {"max_quantity", "content_unit"}


def test_saving_leaves_no_trace_of_prices_that_stayed(owner, draft):
    price = draft.variants.first().prices.get()

    save(owner, draft, title="Heavy mug")

    assert price.history.count() == 1


def test_missing_variants_get_skus_by_the_pattern_of_the_type(owner, draft):
    draft.type.sku_pattern = "{type}-{values}-{number}"
    draft.type.save()
    option = draft.options.get()
    OptionValue.objects.create(option=option, name="Oxblood red", position=3)

    owner.post(reverse("admin:catalog_product_missing", args=[draft.pk]))

    assert draft.variants.get(label="Oxblood red").sku == "STONEWARE-OXBLOOD-RED-003"


def test_a_pattern_of_unknown_parts_is_refused(owner, draft):
    address = reverse("admin:catalog_producttype_change", args=[draft.type.pk])
    data = form_of(owner.get(address)) | {"sku_pattern": "{product.__class__}"}

    answer = owner.post(address, data)

    assert "Use letters, digits, hyphens" in answer.content.decode()


@pytest.mark.parametrize("typed", ["mug-ash", "5012345678900", "05012345678900"])
def test_a_scanned_code_leads_to_its_variant(owner, draft, typed):
    Variant.objects.filter(sku="MUG-ASH").update(barcode="5012345678900")

    page = owner.get(reverse("admin:search"), {"s": typed, "extended": 1}).content.decode()

    assert f"{address_of(draft)}?variant=MUG-ASH#variants" in page.replace("&amp;", "&")


# Extras, search engines, a copy


def test_an_extra_has_a_surcharge_per_market(owner, draft):
    save(
        owner,
        draft,
        **{
            "extras-TOTAL_FORMS": 1,
            "extras-0-name": "Engraving",
            "extras-0-kind": "text",
            "extras-0-max_length": 20,
            "extras-0-position": 0,
            "extras-0-price_uk": "4.50",
        },
    )

    assert Extra.objects.get(product=draft).prices.get().amount == Decimal("4.5")


def test_the_search_result_is_shown_before_any_script_runs(owner, draft):
    page = owner.get(address_of(draft)).content.decode()

    assert "Foot-ring mug | " in page
    assert f"/p/{draft.slug}/" in page


def test_a_copy_has_everything_but_stock_barcodes_and_a_date(owner, draft):
    ask(draft, "capacity", Kind.NUMBER, unit="ml")
    attributes.set_answers(product=draft, answers={"capacity": "320"})
    in_stock(5, variant=draft.variants.get(sku="MUG-ASH"))
    Variant.objects.filter(sku="MUG-ASH").update(barcode="5012345678900")
    shown = ImageFactory(product=draft, value=OptionValue.objects.get(name="Moss"))

    answer = owner.post(reverse("admin:catalog_product_duplicate", args=[draft.pk]))

    twin = Product.objects.get(title="Foot-ring mug (copy)")
    assert answer["Location"] == address_of(twin)
    assert (twin.status, twin.published_at) == ("draft", None)
    assert [one.label for one in twin.variants.order_by("position", "pk")] == ["Ash", "Moss"]
    assert not Variant.objects.filter(product=twin).exclude(barcode="").exists()
    assert not Variant.objects.filter(product=twin, stock_items__on_hand__gt=0).exists()
    assert twin.variants.first().prices.get().amount == Decimal(22)
    assert twin.answers.get().number == Decimal(320)
    assert (twin.images.get().file, twin.images.get().value.option.product) == (shown.file, twin)


def test_looking_at_the_address_of_a_copy_makes_none(owner, draft):
    owner.get(reverse("admin:catalog_product_duplicate", args=[draft.pk]))

    assert Product.objects.count() == 1


def test_who_may_only_look_neither_moves_nor_copies(sign_in, draft):
    warehouse = sign_in("warehouse")

    page = warehouse.get(address_of(draft))
    copied = warehouse.post(reverse("admin:catalog_product_duplicate", args=[draft.pk]))

    assert "Publish now" not in page.content.decode()
    assert copied.status_code == 403
