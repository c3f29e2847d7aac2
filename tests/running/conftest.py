"""A whole shop, started as anybody would start it, and a browser in front of it.

Both are closed after the last test here: a browser left open keeps an event loop in the thread,
and Django refuses its database to whoever is next there.
"""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.running.house import House, somewhere

# The one that crowds buy; tests of scarce things make their own scarce.
FILL = """
from django.utils import timezone
from inventory.models import StockItem, StockMovement
from inventory.services import stock
from shop.processes import stocktaking
item = StockItem.objects.get(variant__sku="MW-MUG-OAT-320")
stocktaking.correct(variant_id=item.variant_id, on_hand=item.on_hand + 300,
    why=stock.Why(StockMovement.Kind.COUNT, timezone.now(), reason="count"))
"""
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
# A machine busy with other tests is slow, not wrong.
expect.set_options(timeout=30_000)


@pytest.fixture(autouse=True)
def empty_cache():
    """The running shop keeps its own cache."""


@pytest.fixture(scope="package")
def house(tmp_path_factory):
    running = House(tmp_path_factory.mktemp("shop"))
    running.open()
    running.run(FILL)
    yield running
    running.close()


@pytest.fixture(scope="package")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(house, chromium):
    """A page in a browser of its own: new_page(js=False), new_page(phone=True)."""
    contexts, broken = [], []

    def make(*, js=True, phone=False):
        context = chromium.new_context(
            base_url=house.url,
            java_script_enabled=js,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            locale="en-GB",
            extra_http_headers={"X-Forwarded-For": somewhere()},
        )
        context.on("console", lambda said: broken.append(said.text) if is_refusal(said) else None)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not broken, "a page broke its content policy"


def is_refusal(said):
    """Whether a browser tells that a content policy forbade something."""
    return "Content Security Policy" in said.text or "Permissions policy violation" in said.text
