"""Staff see the shop as a customer sees it: read only, and on record."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Address
from accounts.services import addresses, viewing
from accounts.services.addresses import Written
from orders.models import Cart
from shop.audit.models import Entry
from tests.factories import CartLineFactory, RateFactory, in_stock
from tests.factories.customers import CustomerFactory, member
from tests.factories.people import staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice(demo_market):
    RateFactory()
    customer = member()
    home = Written(name="Alice", line1="5 Engine Lane", city="Leeds", country="GB")
    addresses.save(customer=customer, written=home, now=timezone.now())
    return customer


@pytest.fixture
def viewer(client, alice):
    client.force_login(staff("owner"))
    began = client.post(f"/admin/accounts/customer/{alice.pk}/view-as/")
    assert began.headers["Location"] == "/account/"
    return client


def acts():
    return list(
        Entry.objects.filter(kind=Entry.Kind.VIEW_AS).order_by("pk").values_list("act", flat=True)
    )


def test_staff_see_what_the_customer_sees_with_a_word_about_it(viewer, alice):
    page = viewer.get("/account/addresses/")

    assert "5 Engine Lane" in page.text
    assert "You see the shop as Alice Byron." in page.text
    assert acts() == ["begin", "look"]
    look = Entry.objects.filter(act="look").get()
    assert (look.row, look.path, look.actor.name) == (str(alice.pk), "/account/addresses/", "Owner")


def test_nothing_can_be_changed(viewer, alice):
    row = Address.objects.get()

    answer = viewer.post(f"/account/addresses/{row.pk}/remove/")

    assert answer.status_code == 403
    assert "Only the customer can do this" in answer.text
    assert Address.objects.exists()


def test_the_database_refuses_what_a_page_would_keep(viewer, alice):
    line = CartLineFactory(variant=in_stock(5))
    Cart.objects.filter(pk=line.cart_id).update(customer=alice)

    basket, checkout = viewer.get("/cart/"), viewer.get("/checkout/")

    assert line.variant.product.title in basket.text
    assert checkout.status_code == 403
    assert viewer.get("/account/").status_code == 200


def test_the_viewers_own_basket_stays_the_viewers(viewer, alice):
    line = CartLineFactory(variant=in_stock(5))
    viewer.cookies["cart"] = line.cart.token

    viewer.get("/cart/")

    assert Cart.objects.get(pk=line.cart_id).customer is None


def test_the_staff_site_stays_the_viewers_own(viewer, alice):
    page = viewer.get(f"/admin/accounts/customer/{alice.pk}/change/")

    assert page.status_code == 200
    assert page.wsgi_request.user.name == "Owner"


def test_pages_for_everybody_are_no_different(viewer):
    page = viewer.get("/")

    assert "You see the shop as" not in page.text
    assert "Cookie" not in page.get("Vary", "")


def test_stopping_leads_back_to_the_customers_page(viewer, alice):
    answer = viewer.post("/account/stop-viewing/")

    assert answer.headers["Location"] == f"/admin/accounts/customer/{alice.pk}/change/"
    assert viewer.get("/account/addresses/").status_code == 302
    assert acts() == ["begin", "end"]


def test_it_ends_by_itself_after_an_hour(viewer, monkeypatch):
    monkeypatch.setattr(viewing, "LONGEST", dt.timedelta(0))
    session = viewer.session
    session[viewing.KEY] = session[viewing.KEY] | {"until": timezone.now().timestamp() - 1}
    session.save()

    assert viewer.get("/account/addresses/").status_code == 302


def test_who_loses_the_right_sees_nothing_more(viewer):
    person = Entry.objects.filter(act="begin").get().actor
    person.groups.clear()

    assert viewer.get("/account/addresses/").status_code == 302


@pytest.mark.parametrize("role", ["warehouse", "catalogue", "marketing"])
def test_other_roles_may_not(client, alice, role):
    client.force_login(staff(role))

    assert client.post(f"/admin/accounts/customer/{alice.pk}/view-as/").status_code == 403
    assert acts() == []


def test_whoever_has_no_login_can_not_be_looked_at(client, alice):
    client.force_login(staff("owner"))
    guest = CustomerFactory(email="guest@example.com")

    page = client.post(f"/admin/accounts/customer/{guest.pk}/view-as/", follow=True)

    assert "there is nothing to see" in page.text
    assert acts() == []


def test_customers_have_no_such_door(client, alice):
    client.force_login(member("bob@example.com").user)

    answer = client.post(f"/admin/accounts/customer/{alice.pk}/view-as/")

    assert answer.status_code == 302
    assert acts() == []
