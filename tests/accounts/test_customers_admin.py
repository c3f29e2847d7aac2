"""Customers as staff see them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer
from marketing.models import Coupon, Promotion
from orders.models import Order
from payments.models import ValueAccount
from shop.outbox.models import Message
from tests.factories import placed_order
from tests.factories.customers import CustomerFactory, GroupFactory
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db
LIST = "admin:accounts_customer_changelist"


@pytest.fixture
def owner(client):
    client.force_login(staff("owner"))
    return client


def found(client, **query):
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return {row.email for row in page.context["cl"].result_list}


@pytest.mark.parametrize("word", ["alice@", "Byron", "Engines", "GB98"])
def test_is_found_by_what_staff_have_in_hand(owner, word):
    CustomerFactory(
        email="alice@example.com",
        name="Alice Byron",
        company="Engines Ltd",
        vat_number="GB980780684",
    )
    CustomerFactory(email="bob@example.com", name="Bob")

    assert found(owner, q=word) == {"alice@example.com"}


def test_is_filtered_by_group(owner):
    trade = GroupFactory()
    CustomerFactory(email="alice@example.com", groups=[trade])
    CustomerFactory()

    assert found(owner, groups__id__exact=trade.pk) == {"alice@example.com"}


def test_many_are_put_in_a_group_and_taken_out_with_a_report(owner):
    trade = GroupFactory()
    alice, bob = CustomerFactory(groups=[trade]), CustomerFactory()

    def act(name):
        chosen = {"action": f"{name}_{trade.pk}", "_selected_action": [alice.pk, bob.pk]}
        return owner.post(reverse(LIST), chosen, follow=True).text

    assert "1 of 2 customers put in Trade" in act("add")
    assert trade.customers.count() == 2
    assert "2 of 2 customers taken out of Trade" in act("remove")
    assert trade.customers.count() == 0


def test_customers_are_invited_and_staff_are_not(owner):
    UserFactory(email="colleague@example.com", is_staff=True)
    chosen = [CustomerFactory().pk, CustomerFactory(email="colleague@example.com").pk]

    page = owner.post(
        reverse(LIST), {"action": "invite", "_selected_action": chosen}, follow=True
    ).text

    assert "1 invitation is on its way." in page
    assert "colleague@example.com can&#x27;t sign in to the shop." in page
    assert Message.objects.filter(topic="mail.password_link").count() == 1


def test_a_page_links_to_orders_credit_and_cards(owner, demo_market):
    customer = CustomerFactory()
    Order.objects.filter(pk=placed_order().pk).update(customer=customer)
    account = ValueAccount.objects.create(
        kind="store_credit",
        currency="GBP",
        balance="12.50",
        customer=customer,
        created_at=timezone.now(),
    )
    Coupon.objects.create(
        promotion=Promotion.objects.create(name="Card", label="Card"),
        code="CARD-7",
        is_card=True,
        customer=customer,
        created_at=timezone.now(),
    )

    page = owner.get(reverse("admin:accounts_customer_change", args=[customer.pk])).text

    assert f"customer__id__exact={customer.pk}" in page
    assert reverse("admin:payments_valueaccount_change", args=[account.pk]) in page
    assert "£12.50" in page
    assert "CARD-7" in page
    orders = owner.get(
        reverse("admin:orders_order_changelist"), {"customer__id__exact": customer.pk}
    )
    assert orders.status_code == 200
    assert len(orders.context["cl"].result_list) == 1


def add(client, **fields):
    given = {"email": "New@Example.com", "name": "", "company": "", "user": "", "vat_number": ""}
    return client.post(reverse("admin:accounts_customer_add"), {**given, "exemption": "", **fields})


def test_a_customer_is_written_down(owner):
    add(owner, vat_number="de 136.695 976")

    customer = Customer.objects.get()
    assert (customer.email, customer.vat_number) == ("new@example.com", "DE136695976")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_tax_exempt": "on"}, "Say why: the certificate, and its number."),
        ({"vat_number": "DE111111111"}, "field__error|errorlist"),
    ],
)
def test_what_can_not_be_is_refused(owner, fields, words):
    page = add(owner, **fields)

    assert page.status_code == 200
    assert not Customer.objects.exists()
    if "|" not in words:
        assert words in page.text


def test_nobody_of_the_staff_buys_as_a_customer(owner):
    colleague = UserFactory(is_staff=True)

    assert "Staff sign in to the staff site alone." in add(owner, user=colleague.pk).text


@pytest.mark.parametrize(
    ("role", "status"), [("support", 200), ("marketing", 403), ("warehouse", 403)]
)
def test_customers_are_for_those_who_talk_to_them(client, role, status):
    client.force_login(staff(role))

    assert client.get(reverse(LIST)).status_code == status


def test_marketing_may_not_change_groups(client):
    trade, customer = GroupFactory(), CustomerFactory()
    client.force_login(staff("marketing"))

    client.post(reverse(LIST), {"action": f"add_{trade.pk}", "_selected_action": [customer.pk]})

    assert not trade.customers.exists()
