"""From a supplier to a waiting buyer: offer, suggestion, order, two deliveries by scanner, a mail."""

import io
import re

import pypdf
from playwright.sync_api import expect

from tests.running.test_buying import (
    fill_address,
    order_number,
    pay_on_the_providers_page,
    place_button,
    sign_in,
)

SKU = "MW-TPR-ASH"
SUPPLIER = "orders@ridge-kilns.example"
ITEM = """
    select {} from inventory_stockitem i join catalog_variant v on v.id = i.variant_id
    where v.sku = %s order by i.id limit 1
"""
OWED = """
    select count(*) from inventory_backorder b join orders_orderline l on l.holder = b.holder
    join orders_order o on o.id = l.order_id where o.number = %s
"""
STATUS = "select status from inventory_purchaseorder where number = %s"
ORDERED = """
    select l.quantity from inventory_purchaseorderline l
    join inventory_purchaseorder o on o.id = l.order_id where o.number = %s
"""
MAILED = 'select count(*) from outbox_mail where "to" = %s and kind = %s'
SUGGEST = """
from django.utils import timezone
from shop.processes.replenishment import suggesting
suggesting.suggest(now=timezone.now())
"""


def test_what_a_buyer_waits_for_is_suggested_ordered_received_and_told(new_page, house):
    buyer, manager, warehouse = new_page(), new_page(), new_page(phone=True)
    number = buy_what_is_to_come(buyer)
    house.until("select status from orders_order where number = %s", "confirmed", number)
    assert house.value(OWED, number) == 1
    cost_before = house.value("select cost from catalog_variant where sku = %s", SKU)
    on_hand_before = house.value(ITEM.format("on_hand"), SKU)

    sign_in(manager, "manager")
    supplier = enter_supplier(manager, house)
    enter_offer(manager, house, supplier)
    house.run(SUGGEST)
    purchase = approve_the_suggestion(manager, house, supplier)

    sign_in(warehouse, "warehouse")
    receive(warehouse, purchase, scans=[SKU])
    house.until(OWED, 0, number)
    house.until(MAILED, 1, "waits.for.tea@example.com", "orders/backorder_ready")
    assert house.value(STATUS, purchase) == "partially_received"
    ordered = house.value(ORDERED, purchase)
    receive(warehouse, purchase, scans=[f"{ordered - 2}*{SKU}", SKU])

    house.until(STATUS, "received", purchase)
    assert house.value(ITEM.format("on_hand"), SKU) == on_hand_before + ordered
    assert house.value("select cost from catalog_variant where sku = %s", SKU) != cost_before
    assert house.value(MAILED, "waits.for.tea@example.com", "orders/backorder_ready") == 1
    assert house.reconcile()[0] == 0


def buy_what_is_to_come(page):
    page.goto(f"/p/round-teapot/?v={SKU}")
    expect(page.locator("main")).to_contain_text("sent from")
    page.get_by_role("button", name=re.compile("Add to basket|Order now")).first.click()
    page.get_by_role("link", name="Checkout").first.wait_for()
    page.goto("/checkout/")
    fill_address(page, email="waits.for.tea@example.com")
    place_button(page).click()
    pay_on_the_providers_page(page)
    return order_number(page)


def enter_supplier(page, house):
    page.goto("/admin/inventory/supplier/add/")
    facts = {"name": "Ridge Kilns", "email": SUPPLIER, "currency": "GBP", "country": "GB"}
    for name, value in {**facts, "lead_days": "10"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=_save]").first.click()
    page.wait_for_url(re.compile(r"/admin/inventory/supplier/(\?.*)?$"))
    return house.value("select id from inventory_supplier where name = 'Ridge Kilns'")


def enter_offer(page, house, supplier):
    variant = house.value("select id from catalog_variant where sku = %s", SKU)
    page.goto(f"/admin/inventory/supplieroffer/add/?supplier={supplier}&variant={variant}")
    facts = {"supplier_sku": "RK-TEAPOT", "cost": "21.50", "pack_size": "4", "minimum": "4"}
    for name, value in facts.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=prefer]").check()
    page.locator("[name=_save]").first.click()
    page.wait_for_url(re.compile(r"/admin/inventory/supplieroffer/(\?.*)?$"))
    assert house.value("select count(*) from inventory_supplieroffer where is_preferred") > 0


def approve_the_suggestion(page, house, supplier):
    page.goto("/admin/inventory/purchaseorder/?q=Ridge")
    draft = "select number from inventory_purchaseorder where supplier_id = %s"
    number = house.value(draft, supplier)
    page.get_by_role("link", name=number).first.click()
    expect(page.locator("body")).to_contain_text("suggested by the shop")
    expect(page.locator("body")).to_contain_text(SKU)
    page.get_by_role("link", name="Order", exact=True).click()
    page.get_by_role("button", name="Order", exact=True).click()
    house.until("select pdf <> '' from inventory_purchaseorder where number = %s", True, number)
    house.until('select count(*) from outbox_mail where "to" = %s', 1, SUPPLIER)
    page.goto(f"/admin/inventory/purchaseorder/?q={number}")
    page.get_by_role("link", name=number).first.click()
    paper = page.request.get(page.get_by_role("link", name="PDF").get_attribute("href"))
    pages = pypdf.PdfReader(io.BytesIO(paper.body())).pages
    words = " ".join(one.extract_text() for one in pages)
    assert number in words
    assert "RK-TEAPOT" in words
    return number


def receive(page, purchase, *, scans):
    """As a scanner does it: it types a code and presses Enter."""
    page.goto("/stockroom/receiving/")
    page.get_by_role("link", name=re.compile(purchase)).first.click()
    field = page.locator("#scan")
    for code in scans:
        field.fill(code)
        field.press("Enter")
        expect(page.locator(".scan-said")).to_contain_text(SKU)
        expect(page.locator("#scan")).to_have_value("")
    page.get_by_role("button", name="Book in").click()
    expect(page.locator("main")).to_contain_text("GR-")
