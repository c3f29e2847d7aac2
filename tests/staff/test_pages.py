"""Every staff page opens for the owner, and stays shut for those whose work it is not."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicyVersion
from catalog.models import ExchangeRate, Option, OptionValue, Review, Variant
from channels.models import ImportedOrder, Marketplace, OrderImport
from marketing.models import PromotionUse
from shop.outbox.models import Mail, MailText, Sms, post
from support.models import Article
from tests.factories import ImageFactory, shipped_order, stock_of
from tests.factories.customers import CustomerFactory, GroupFactory, PriceListFactory, rungs
from tests.factories.people import UserFactory
from tests.factories.pricing import SaleFactory
from tests.factories.promotions import CouponFactory, SegmentFactory
from tests.factories.value import gift_card

pytestmark = pytest.mark.django_db

# Nothing of these comes up in the life of one order.
NOT_IN_ONE_ORDER = {
    "orders_hold",
    "orders_calltask",
    "channels_apikey",
    "channels_importedorder",
    "channels_orderimport",
    "channels_marketplace",
    "orders_claim",
    "orders_exchange",
    "orders_return",
    "orders_draft",
    "orders_returnrule",
    "orders_returnreason",
    "outbox_mailtext",
    "outbox_sms",
    "orders_orderrule",
    "orders_orderrulerun",
    "payments_bankline",
    "payments_bankstatement",
    "payments_dispute",
    "payments_expense",
    "payments_refund",
    "payments_webhookevent",
    "accounts_vatcheck",
    "catalog_taxregistration",
    "catalog_taxterritory",
    "admin_logentry",
    "audit_entry",
    "marketing_alert",
    "marketing_landingpage",
    "catalog_collection",
    "catalog_importrun",
    "catalog_redirect",
    "catalog_attribute",
    "catalog_searchcount",
    "catalog_synonym",
    "catalog_unit",
    "accounts_consent",
    "accounts_consenttext",
    "accounts_policyacceptance",
    "accounts_privacyrequest",
    "accounts_retentionrule",
    "accounts_retentionrun",
    "channels_feed",
    "channels_webhookendpoint",
    "channels_webhookevent",
    "channels_webhookdelivery",
    "channels_feedrun",
    "channels_feedrejection",
    "inventory_batch",
    "inventory_bin",
    "inventory_licencekey",
    "inventory_purchaseorder",
    "inventory_shortage",
    "inventory_stockcount",
    "inventory_supplier",
    "inventory_supplieroffer",
    "inventory_transfer",
    "shipping_handoff",
    "shipping_pickwave",
    "shipping_bulkrun",
    "shipping_box",
    "shipping_carrier",
    "shipping_label",
    "shipping_pickuppoint",
    "shipping_restriction",
    "inventory_supplierfeed",
    "inventory_routing",
    "inventory_feedrun",
    "inventory_feedchange",
    "inventory_buyingpolicy",
}


def name_of(model):
    return model._meta.label_lower.replace(".", "_")


@pytest.fixture
def a_full_shop():
    order = shipped_order()
    variant = order.lines.get().variant
    ImageFactory(product=variant.product)
    option = Option.objects.create(product=variant.product, name="Glaze")
    OptionValue.objects.create(option=option, name="Ash")
    now = timezone.now()
    Review.objects.create(
        product=variant.product, author="Bob", stars=5, text="Good", written_at=now
    )
    Article.objects.create(slug="care", title="Care", body="Wash it.")
    PolicyVersion.objects.create(slug="terms", title="Terms", body="Be kind.", published_at=now)
    Mail.objects.create(
        key="one", kind="order_shipped", to=order.email, subject="Sent", text="Hi", sent_at=now
    )
    MailText.objects.create(kind="orders/order_shipped")
    Sms.objects.create(key="one", kind="order_shipped", to="+44", text="Hi", sent_at=now)
    post(topic="mail.order_shipped", key="two", payload={}, now=now)
    rungs(PriceListFactory(group=GroupFactory()), variant, at_6="18.00")
    CustomerFactory()
    gift_card()
    coupon = CouponFactory()
    PromotionUse.objects.create(
        promotion=coupon.promotion, coupon=coupon, order=order, who="", amount=1, at=now
    )
    SegmentFactory()
    SaleFactory()
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate="0.86", at=now)
    _marketplace(order, now)
    assert stock_of(variant) == (9, 0)
    return order


def _marketplace(order, now):
    bazaar = Marketplace.objects.create(code="bazaar", name="Bazaar", market=order.market)
    run = OrderImport.objects.create(marketplace=bazaar, name="orders.csv", asked_at=now)
    ImportedOrder.objects.create(marketplace=bazaar, run=run, reference="1", order=order, at=now)


def test_the_start_page_shows_the_work_queue(owner, a_full_shop):
    page = owner.get("/admin/")

    assert page.status_code == 200
    assert "To ship" in page.content.decode()


def test_every_list_opens_for_the_owner(owner, a_full_shop):
    answers = {
        model: owner.get(reverse(f"admin:{name_of(model)}_changelist")).status_code
        for model in admin.site._registry
    }

    # A variant is reached from its product and has no list of its own.
    assert answers.pop(Variant) == 302
    assert set(answers.values()) == {200}, answers


def test_every_page_of_one_thing_opens_for_the_owner(owner, a_full_shop):
    rows = {model: model.objects.first() for model in admin.site._registry}
    answers = {
        model: owner.get(reverse(f"admin:{name_of(model)}_change", args=[row.pk])).status_code
        for model, row in rows.items()
        if row is not None
    }

    assert set(answers.values()) == {200}, answers
    left_out = {name_of(model) for model in rows.keys() - answers.keys()}
    assert left_out <= NOT_IN_ONE_ORDER


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("manager", "accounts_user"),
        ("manager", "auth_group"),
        ("warehouse", "outbox_mail"),
        ("warehouse", "payments_payment"),
        ("warehouse", "payments_valueaccount"),
        ("support", "accounts_user"),
        ("support", "outbox_message"),
        ("catalogue", "orders_order"),
        ("catalogue", "outbox_mail"),
        ("marketing", "orders_order"),
        ("marketing", "inventory_stockitem"),
    ],
)
def test_other_peoples_pages_stay_shut(sign_in, role, closed):
    page = sign_in(role).get(reverse(f"admin:{closed}_changelist"))

    assert page.status_code == 403


def test_strangers_are_asked_to_sign_in(client, db):
    page = client.get(reverse("admin:orders_order_changelist"))

    assert page.status_code == 302
    assert page.url.startswith(reverse("admin:login"))


def test_customers_are_not_let_in(client, db):
    client.force_login(UserFactory())

    page = client.get("/admin/")

    assert page.status_code == 302


@pytest.mark.parametrize("model", ["orders_order", "outbox_mail", "payments_payment"])
def test_nobody_writes_history_by_hand(owner, a_full_shop, model):
    assert owner.get(reverse(f"admin:{model}_add")).status_code == 403


def test_a_role_sees_its_own_menu_only(sign_in):
    page = sign_in("warehouse").get("/admin/").content.decode()

    assert reverse("admin:inventory_stockitem_changelist") in page
    assert reverse("admin:accounts_user_changelist") not in page
    assert "/dashboard/" not in page


def test_signing_in_works_in_any_case(client, demo_market):
    person = UserFactory(is_staff=True, email="dora@example.com")

    answer = client.post(
        "/account/login/?next=/admin/",
        {"login": "Dora@Example.com", "password": "a-long-test-password"},
    )

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
