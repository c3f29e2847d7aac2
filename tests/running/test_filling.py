"""Staff fill in a product with 24 variants, look at it, plan it, sell it, copy it, and find it."""

import datetime as dt
import io
import re

import pytest
from PIL import Image as Pillow
from playwright.sync_api import expect

from tests.running.test_buying import sign_in

TITLE = "Quillwort beaker"
GLAZES = ("Ash", "Moss", "Oxblood", "Ink", "Chalk", "Rust")
SIZES = ("150 ml", "250 ml", "320 ml", "450 ml")
ASK = """
from catalog.models import Attribute, ProductType, TypeAttribute
kind, _ = ProductType.objects.get_or_create(
    code="beakers", defaults={"name": "Beakers", "tax_class": ProductType.objects.first().tax_class,
                              "sku_pattern": "QB-{values}"})
for code, sort, unit in (("rim", "number", "mm"), ("stackable", "bool", "")):
    attribute, _ = Attribute.objects.get_or_create(
        code=code, defaults={"name": code.capitalize(), "kind": sort, "unit": unit})
    TypeAttribute.objects.get_or_create(type=kind, attribute=attribute, is_required=True)
"""
STATUS = "select status from catalog_product where slug = 'quillwort-beaker'"
CARDS = "select count(*) from catalog_card where slug = 'quillwort-beaker'"
COUNT = """select count(*) from catalog_variant v join catalog_product p on p.id = v.product_id
           where p.slug = %s"""


def picture(number):
    content = io.BytesIO()
    Pillow.new("RGB", (400, 500), (90 + 40 * number, 120, 140)).save(content, "PNG")
    return {"name": f"beaker-{number}.png", "mimeType": "image/png", "buffer": content.getvalue()}


def tab(page, name):
    page.locator("#tabs-items a").filter(has_text=re.compile(rf"^\s*{name}")).click()


def inner_tab(page, name):
    page.locator("nav a[x-on\\:click^=activeFieldsetTab]").filter(has_text=name).click()


def keep(page):
    page.locator("[name=_continue]").last.click()
    page.wait_for_load_state("load")


@pytest.fixture
def staff(new_page, house):
    house.run(ASK)
    page = new_page()
    sign_in(page, "catalogue")
    return page


def begin(page):
    """A new product with two options."""
    page.goto("/admin/catalog/product/add/")
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=title]").press("Tab")
    expect(page.locator("[name=slug]")).to_have_value("quillwort-beaker")
    page.locator("[name=type]").select_option(label="Beakers")
    page.locator("[name=category]").select_option(index=1)
    tab(page, "Options")
    for number, (name, values) in enumerate((("Glaze", GLAZES), ("Size", SIZES))):
        page.locator("#options-group .add-row").click()
        page.locator(f"[name=options-{number}-name]").fill(name)
        page.locator(f"[name=options-{number}-values]").fill("\n".join(values))
        page.locator(f"[name=options-{number}-position]").fill(str(number))
    keep(page)
    page.wait_for_url(re.compile(r"/change/"))


def make_variants(page):
    """All combinations; price and stock typed once and copied down."""
    tab(page, "Variants")
    page.get_by_role("link", name="Make missing variants").click()
    page.get_by_role("button", name="Make them (24)").click()
    page.locator("[name=variants-23-sku]").wait_for()
    for column, value in (("price_uk", "18.50"), ("on_hand", "4")):
        page.locator(f"[name=variants-0-{column}]").fill(value)
        page.get_by_role("button", name=re.compile("^Copy")).click()
        expect(page.locator(f"[name=variants-23-{column}]")).to_have_value(value)
    keep(page)


def describe(page):
    tab(page, "General")
    inner_tab(page, "Details")
    page.locator("[name=answer_rim]").fill("84.5")
    page.locator("[name=answer_stackable]").select_option("yes")
    tab(page, "Pictures")
    page.locator("[name=new_pictures]").set_input_files([picture(number) for number in range(3)])
    keep(page)
    expect(page.locator("body")).to_contain_text("3 pictures added.")


def schedule(page):
    day = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    tab(page, "General")
    page.locator("[name=published_at_0]").fill(f"{day:%Y-%m-%d}")
    page.locator("[name=published_at_1]").fill("09:00:00")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.locator(".product-head__state")).to_contain_text("Scheduled")


def test_a_product_is_filled_in_shown_planned_sold_found_and_copied(staff, new_page, house):
    shopper = new_page()

    begin(staff)
    make_variants(staff)
    describe(staff)

    preview = staff.get_by_role("link", name="Preview").get_attribute("href")
    shopper.goto(preview)
    expect(shopper.locator("h1")).to_have_text(TITLE)
    expect(shopper.locator("main")).to_contain_text("This is how the page will look.")
    expect(shopper.locator("main")).to_contain_text("84.5 mm")
    assert shopper.goto("/p/quillwort-beaker/").status == 404

    schedule(staff)
    assert shopper.goto("/p/quillwort-beaker/").status == 404
    assert house.value(STATUS) == "active"

    staff.get_by_role("button", name="Publish now").click()
    expect(staff.locator(".product-head__state")).to_contain_text("Active")
    house.until(CARDS, 1, seconds=90)
    shopper.goto("/search/?q=quillwort")
    shopper.get_by_role("link", name=TITLE).first.click()
    expect(shopper.get_by_role("button", name="Add to basket")).to_be_visible()

    staff.get_by_role("button", name="Duplicate").click()
    expect(staff.locator("[name=title]")).to_have_value(f"{TITLE} (copy)")
    expect(staff.locator(".product-head__state")).to_contain_text("Draft")
    assert house.value(COUNT, "quillwort-beaker-copy") == house.value(COUNT, "quillwort-beaker")
    assert house.value(COUNT, "quillwort-beaker") == 24
