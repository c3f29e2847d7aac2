"""Every staff page opens for the owner, and stays shut for those whose work it is not."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicyVersion
from catalog.models import Option, OptionValue, Review
from shop.outbox.models import Mail, post
from support.models import Article
from tests.factories import ImageFactory, shipped_order, stock_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def registered():
    return [model._meta.label_lower for model in admin.site._registry]


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
    post(topic="mail.order_shipped", key="two", payload={}, now=now)
    assert stock_of(variant) == (9, 0)
    return order


def test_the_start_page_shows_the_work_queue(owner, a_full_shop):
    page = owner.get("/admin/")

    assert page.status_code == 200
    assert "To ship" in page.content.decode()


@pytest.mark.parametrize("model", registered())
def test_lists_open_for_the_owner(owner, a_full_shop, model):
    page = owner.get(reverse(f"admin:{model.replace('.', '_')}_changelist"))

    assert page.status_code == 200


@pytest.mark.parametrize("model", registered())
def test_pages_of_one_thing_open_for_the_owner(owner, a_full_shop, model):
    row = next((m for m in admin.site._registry if m._meta.label_lower == model)).objects.first()
    if row is None:  # nothing of this kind comes up in the life of one order
        assert model in {"payments.refund", "payments.webhookevent", "admin.logentry"}
        return

    page = owner.get(reverse(f"admin:{model.replace('.', '_')}_change", args=[row.pk]))

    assert page.status_code == 200


@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("manager", "accounts_user"),
        ("manager", "auth_group"),
        ("warehouse", "outbox_mail"),
        ("warehouse", "payments_payment"),
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


def test_signing_in_works_in_any_case(client, db):
    person = UserFactory(is_staff=True, email="dora@example.com")

    answer = client.post(
        "/admin/login/?next=/admin/",
        {"username": "Dora@Example.com", "password": "a-long-test-password"},
    )

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)
