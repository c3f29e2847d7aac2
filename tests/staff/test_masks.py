"""What goods cost, and who people are, is shown to those whose work it is."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.utils import timezone

from marketing.models import Alert
from shop.admin import discretion
from shop.audit.models import Entry
from tests.factories import VariantFactory, in_stock
from tests.factories.buying import draft_of
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory, staff
from tests.factories.promotions import CouponFactory
from tests.factories.sourcing import offered

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/customer/"
OFFERS = "/admin/inventory/supplieroffer/"
ALERTS = "/admin/marketing/alert/"


def with_rights(*codes):
    """Somebody whose rights were picked one by one."""
    person = UserFactory(is_staff=True)
    for code in codes:
        app, name = code.split(".")
        row = Permission.objects.get(content_type__app_label=app, codename=name)
        person.user_permissions.add(row)
    return person


def test_every_field_that_is_hidden_is_one_of_a_known_model():
    pages = admin.site._registry.values()
    known = {page.opts.label_lower for page in pages}
    known |= {inline.model._meta.label_lower for one in pages for inline in one.inlines}
    named = {label for fields in discretion.HIDDEN.values() for label in fields}

    assert named <= known
    assert {model._meta.label_lower for model in apps.get_models()} >= discretion.RECORDS


@pytest.mark.parametrize(("role", "sees"), [("catalogue", True), ("warehouse", False)])
def test_the_floor_sees_offers_without_their_costs(sign_in, demo_market, role, sees):
    offer = offered(VariantFactory(), cost="4.321")
    client = sign_in(role)

    for address in (OFFERS, f"{OFFERS}{offer.pk}/change/", f"{OFFERS}list.csv"):
        page = client.get(address)
        assert page.status_code == 200
        assert ("4.32" in page.getvalue().decode()) is sees, address


def test_a_purchase_order_is_received_without_knowing_what_it_costs(sign_in, demo_market):
    offer = offered(VariantFactory(), cost="4.321")
    order = draft_of(offer.supplier, (offer.variant, 12))
    address = f"/admin/inventory/purchaseorder/{order.pk}/change/"

    for role, sees in (("manager", True), ("warehouse", False)):
        page = sign_in(role).get(address).content.decode()
        assert order.number in page
        assert ("Unit cost" in page) is sees
        assert ("51.8" in page) is sees
    client = sign_in("warehouse")
    head = client.get("/admin/inventory/purchaseorder/list.csv").getvalue().splitlines()[0]
    assert b"Goods" not in head
    assert client.get(f"/admin/inventory/purchaseorder/{order.pk}/pdf/").status_code == 403


def test_records_of_people_stay_shut_without_the_right(client):
    CustomerFactory(email="alice@example.com")
    client.force_login(with_rights("accounts.view_customer", "accounts.change_customer"))

    assert client.get(PEOPLE).status_code == 403
    assert client.get(f"{PEOPLE}list.csv").status_code == 403
    assert "Customers" not in client.get("/admin/").content.decode()


def test_a_file_of_people_needs_a_right_of_its_own(client):
    CustomerFactory(email="alice@example.com")
    client.force_login(staff("support"))

    assert "alice@example.com" in client.get(PEOPLE).content.decode()
    assert "list.csv" not in client.get(PEOPLE).content.decode()
    assert client.get(f"{PEOPLE}list.csv").status_code == 403


@pytest.fixture
def alert(demo_market):
    return Alert.objects.create(
        variant=VariantFactory(),
        market=demo_market,
        email="alice@example.com",
        token="t" * 32,
        created_at=timezone.now(),
    )


def test_marketing_counts_who_waits_and_does_not_learn_who(sign_in, alert):
    client = sign_in("marketing")

    for address in (ALERTS, f"{ALERTS}{alert.pk}/change/", f"{ALERTS}list.csv"):
        page = client.get(address)
        assert page.status_code == 200
        assert "alice@" not in page.getvalue().decode(), address
    assert "alice@" in sign_in("manager").get(ALERTS).content.decode()


@pytest.mark.parametrize("query", ["email__startswith=a", "email=alice@example.com"])
def test_what_is_hidden_is_not_guessed_letter_by_letter(sign_in, alert, query):
    page = sign_in("marketing").get(f"{ALERTS}?{query}")

    assert page.status_code in (302, 400)


def test_what_is_hidden_is_not_searched(sign_in, alert):
    found = sign_in("marketing").get(ALERTS, {"q": "alice@example.com"}).context["cl"]

    assert not list(found.result_list)


def test_a_long_list_of_people_is_on_record_and_a_short_one_is_not(client, demo_market):
    dora = staff("support")
    client.force_login(dora)
    for _number in range(21):
        CustomerFactory()

    client.get(PEOPLE, {"q": "nobody"})
    client.get(PEOPLE, REMOTE_ADDR="192.0.2.7")

    entry = Entry.objects.get(kind=Entry.Kind.READ)
    assert (entry.actor, entry.act, entry.count) == (dora, "list accounts.customer", 21)
    assert entry.address == "192.0.2.7"


def test_other_long_lists_are_nobodys_secret(owner, demo_market):
    for _number in range(21):
        in_stock(1)

    owner.get("/admin/inventory/stockitem/")

    assert not Entry.objects.filter(kind=Entry.Kind.READ).exists()


def test_whose_card_it_is_stays_hidden_and_stays_theirs(sign_in, demo_market):
    alice = CustomerFactory(email="alice@example.com")
    card = CouponFactory(is_card=True, customer=alice)
    client, page = sign_in("marketing"), f"/admin/marketing/coupon/{card.pk}/change/"

    shown = client.get(page).content.decode()
    client.post(page, {"usage_limit": "5"})

    assert "alice@" not in shown + client.get("/admin/marketing/coupon/").content.decode()
    card.refresh_from_db()
    assert (card.customer, card.usage_limit) == (alice, 5)
    assert "alice@" in sign_in("manager").get(page).content.decode()
