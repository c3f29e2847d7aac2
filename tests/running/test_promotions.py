"""Staff build three promotions in the admin, and the trial says how they combine and which loses."""

import re

import pytest
from playwright.sync_api import expect

from tests.running.test_buying import sign_in

MUG = "MW-MUG-ASH-320"
GROUP = """
from accounts.models import CustomerGroup
CustomerGroup.objects.get_or_create(code="members", defaults={"name": "Members"})
"""
# What other tests and the demo set up is no part of this.
REST = """
from marketing.models import Promotion
Promotion.objects.update(is_active=False)
"""
MINE = "select count(*) from marketing_promotion where is_active and name = %s"


@pytest.fixture
def staff(new_page, house):
    house.run(GROUP + REST)
    page = new_page()
    sign_in(page, "marketing")
    yield page
    house.run(REST)


def begin(page, name, *, lane):
    page.goto("/admin/marketing/promotion/add/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=label]").fill(name)
    page.locator("[name=lane]").select_option(label=lane)


def choose(page, rows, kind):
    page.locator(f"[name={rows}-0-kind]").select_option(label=kind)


def keep(page, name):
    page.locator("[name=_continue]").last.click()
    page.wait_for_url(re.compile(r"/promotion/\d+/change/"))
    expect(page.locator(".deal-head__state")).to_contain_text("Running")
    expect(page.locator("[name=name]")).to_have_value(name)


def three_for_two(page):
    begin(page, "3 for 2 on mugs", lane="First: offers on single pieces")
    expect(page.locator("[name=benefits-0-buy]")).to_be_hidden()
    choose(page, "benefits", "Buy some, get some: 3 for 2, buy X get Y")
    page.locator("[name=benefits-0-buy]").fill("2")
    page.locator("[name=benefits-0-get]").fill("1")
    page.locator("[name=benefits-0-got_percent]").fill("100")
    found = page.locator(".field:has([name=benefits-0-scope_categories])")
    found.locator(".select2-search__field").click()
    page.locator(".select2-results__option").filter(has_text=re.compile("Mugs")).first.click()
    keep(page, "3 for 2 on mugs")


def tenth_for_members(page):
    begin(page, "10% for members", lane="Then: offers on the basket")
    choose(page, "conditions", "The customer is in a group")
    tick(page, "Members")
    choose(page, "benefits", "Per cent off")
    page.locator("[name=benefits-0-percent]").fill("10")
    keep(page, "10% for members")


def free_over_sixty(page):
    begin(page, "Free shipping over 60", lane="Last: on top of everything")
    choose(page, "conditions", "Goods are worth so much")
    page.locator("[name=conditions-0-least_GBP]").fill("60")
    choose(page, "benefits", "Free or cheaper delivery")
    page.locator("[name=benefits-0-off_percent]").fill("100")
    keep(page, "Free shipping over 60")


def try_mugs(page, units, *, is_member):
    page.goto("/admin/marketing/promotion/")
    page.get_by_role("link", name="Try it").first.click()
    page.locator("[name=sku_0]").fill(MUG)
    page.locator("[name=units_0]").fill(str(units))
    # One that is never free by itself.
    page.locator("[name=method]").select_option("royal-mail-24")
    if is_member:
        tick(page, "Members")
    page.get_by_role("button", name="Try", exact=True).click()
    page.get_by_role("heading", name="What it costs").wait_for()


def tick(page, name):
    page.locator("label.rule__tick:visible", has_text=name).first.check()


def section(page, heading):
    return page.locator("section.panel").filter(
        has=page.get_by_role("heading", name=re.compile(heading))
    )


def test_three_promotions_are_built_and_the_trial_explains_them(staff, house):
    three_for_two(staff)
    tenth_for_members(staff)
    free_over_sixty(staff)
    for name in ("3 for 2 on mugs", "10% for members", "Free shipping over 60"):
        assert house.value(MINE, name) == 1

    try_mugs(staff, 6, is_member=True)
    combined = section(staff, "These combine")
    for name in ("3 for 2 on mugs", "10% for members", "Free shipping over 60"):
        expect(combined).to_contain_text(name)
    expect(section(staff, "What it costs")).to_contain_text("3 for 2 on mugs")

    try_mugs(staff, 1, is_member=False)
    expect(staff.get_by_role("status").first).to_contain_text("No promotion applies")
    refused = section(staff, "These do not apply")
    expect(refused.locator(".outcome")).to_have_count(3)
    expect(refused).to_contain_text("£60")


def test_a_worse_one_of_the_same_lane_loses_and_is_told_to_what(staff):
    for name, percent in (("A fifth off", "20"), ("A tenth off", "10")):
        begin(staff, name, lane="Then: offers on the basket")
        choose(staff, "benefits", "Per cent off")
        staff.locator("[name=benefits-0-percent]").fill(percent)
        keep(staff, name)

    try_mugs(staff, 1, is_member=False)

    expect(section(staff, "This applies")).to_contain_text("A fifth off")
    expect(section(staff, "These lose")).to_contain_text("A tenth off")
    expect(section(staff, "These lose")).to_contain_text("A fifth off")
