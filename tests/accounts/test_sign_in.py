"""Signing in and out: small, safe, and the basket comes along."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, User
from orders.models import Cart, CartLine, Wishlist
from shop.audit.models import Entry
from tests.accounts.doors import SIGN_IN, sign_in, signed_in
from tests.factories import CartFactory, CartLineFactory, MarketFactory, RateFactory, in_stock
from tests.factories.customers import CustomerFactory, GroupFactory, member
from tests.factories.people import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def test_a_customer_signs_in_with_the_address_in_any_case(client):
    member()

    answer = sign_in(client, "Alice@Example.com")

    assert (answer.status_code, answer.url) == (302, "/account/")
    assert signed_in(client)
    assert answer.cookies["session"]["httponly"]
    assert not answer.cookies["signed_in"]["httponly"]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("owner@example.com", "wrong"),
        ("gone@example.com", PASSWORD),
    ],
)
def test_whoever_may_not_in_is_told_the_same(client, email, password):
    member()
    UserFactory(email="owner@example.com", is_staff=True)
    UserFactory(email="gone@example.com", is_active=False)

    answer = sign_in(client, email, password)

    assert answer.status_code == 422
    assert "No account has this email address and this password." in answer.text
    assert not signed_in(client)


def test_guessing_at_one_account_is_stopped_wherever_it_comes_from(client):
    member()
    for number in range(10):
        client.post(
            SIGN_IN,
            {"login": "alice@example.com", "password": "guess"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )

    answer = sign_in(client)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not signed_in(client)


def test_who_signs_in_often_is_not_locked_out(client):
    member()
    for _time in range(12):
        sign_in(client)
        client.post("/account/logout/")

    sign_in(client)

    assert signed_in(client)


def test_guessing_at_many_accounts_from_one_place_is_stopped(client):
    member()
    for number in range(20):
        sign_in(client, f"guess{number}@example.com", "guess")

    assert sign_in(client).status_code == 429
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/checkout/", "/checkout/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
    ],
)
def test_leads_on_within_the_shop_only(client, wanted, target):
    member()

    assert sign_in(client, next=wanted).url == target


def test_nothing_of_an_account_is_kept(client):
    member()
    sign_in(client)

    for address in ("/account/", "/account/email/", "/account/2fa/", "/account/prices/?v=X"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_forms_want_their_token():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SIGN_IN, {"login": "a@example.com", "password": "x"}).status_code == 403
    assert strict.post("/account/logout/").status_code == 403


def test_looking_around_sets_no_session(client):
    for address in ("/", SIGN_IN, "/cart/"):
        assert "session" not in client.get(address).cookies


def test_without_an_account_its_page_asks_to_sign_in(client):
    assert client.get("/account/").url == "/account/login/?next=%2Faccount%2F"


def test_staff_have_no_account_in_the_shop(client):
    client.force_login(staff("owner"))

    assert client.get("/account/").url == "/admin/"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/account/sign-in/?next=%2Fcart%2F", "/account/login/?next=%2Fcart%2F"),
        ("/account/sign-out/", "/account/logout/"),
        ("/account/password/", "/account/password/reset/"),
        ("/account/password/MQ/old-proof/", "/account/password/reset/"),
        ("/admin/login/?next=/admin/", "/account/login/?next=%2Fadmin%2F"),
    ],
)
def test_addresses_of_before_lead_to_the_doors(client, old, new):
    assert client.get(old).url == new


def test_signing_out_leaves_nothing_in_the_browser(client):
    customer = member()
    line = CartLineFactory()
    client.cookies["cart"] = line.cart.token
    sign_in(client)

    answer = client.post("/account/logout/")

    assert not signed_in(client)
    assert {name for name, one in answer.cookies.items() if not one.value} >= {
        "cart",
        "cart_count",
        "session",
        "signed_in",
        "wishlist",
    }
    assert Cart.objects.get(customer=customer) == line.cart
    assert answer["Clear-Site-Data"] == '"cache", "storage"'


def test_looking_at_the_way_out_does_not_lead_out(client):
    member()
    sign_in(client)

    client.get("/account/logout/")

    assert signed_in(client)


def test_a_login_without_a_customer_gets_one(client):
    UserFactory(email="alice@example.com", name="Alice Byron")

    sign_in(client)

    assert Customer.objects.get(email="alice@example.com").user == User.objects.get()


def test_a_login_takes_over_the_customer_of_its_address(client):
    known = CustomerFactory(email="Alice@example.com", groups=[GroupFactory()])
    user = UserFactory(email="alice@example.com")

    sign_in(client)

    assert Customer.objects.get(user=user) == known


def test_a_login_of_an_unproved_address_opens_nothing(client):
    known = CustomerFactory(email="alice@example.com")
    UserFactory(email="alice@example.com")
    EmailAddress.objects.update(verified=False)

    answer = sign_in(client)

    assert answer.url == "/account/confirm-email/"
    assert not signed_in(client)
    known.refresh_from_db()
    assert known.user is None


def test_what_staff_try_at_the_door_is_on_record(client):
    owner = staff("owner")

    sign_in(client, owner.email, "wrong")
    sign_in(client, owner.email)

    acts = Entry.objects.filter(kind=Entry.Kind.DOOR, actor=owner).order_by("pk")
    assert [one.act for one in acts] == ["sign-in refused", "signed in"]


# The basket


def basket(client):
    return {line.variant.sku: line.quantity for line in cart(client).lines.all()}


def cart(client):
    return Cart.objects.get(token=client.cookies["cart"].value)


def test_the_basket_becomes_the_customers(client):
    customer, line = member(), CartLineFactory()
    client.cookies["cart"] = line.cart.token

    sign_in(client)

    line.cart.refresh_from_db()
    assert line.cart.customer == customer


def test_the_basket_of_another_device_comes_along(client):
    mug, bowl = in_stock(sku="MUG"), in_stock(sku="BOWL")
    earlier = CartFactory(customer=member())
    CartLineFactory(cart=earlier, variant=mug, quantity=2)
    guest = CartFactory()
    CartLineFactory(cart=guest, variant=mug, quantity=1)
    CartLineFactory(cart=guest, variant=bowl, quantity=4)
    client.cookies["cart"] = guest.token

    sign_in(client)

    assert basket(client) == {"MUG": 3, "BOWL": 4}
    assert client.cookies["cart_count"].value == "7"
    assert cart(client) == earlier
    assert Cart.objects.count() == 1


def test_merged_quantities_stay_within_one_order(client):
    mug = in_stock(sku="MUG", max_quantity=4)
    CartLineFactory(cart=CartFactory(customer=member()), variant=mug, quantity=3)
    guest = CartLineFactory(variant=mug, quantity=3)
    client.cookies["cart"] = guest.cart.token

    sign_in(client)

    assert basket(client) == {"MUG": 4}


def test_signing_in_twice_adds_nothing(client):
    member()
    line = CartLineFactory(quantity=2, variant=in_stock(sku="MUG"))
    client.cookies["cart"] = line.cart.token
    sign_in(client)
    client.post("/account/logout/")

    sign_in(client)

    assert basket(client) == {"MUG": 2}


def test_somebody_elses_basket_stays_theirs(client):
    theirs = CartLineFactory(cart=CartFactory(customer=member("bob@example.com"))).cart
    member()
    client.cookies["cart"] = theirs.token

    sign_in(client)

    assert client.cookies["cart"].value == ""
    theirs.refresh_from_db()
    assert theirs.customer.email == "bob@example.com"


def test_without_a_session_a_basket_is_a_guests_again(client):
    mine = CartLineFactory(cart=CartFactory(customer=member())).cart
    client.cookies["cart"] = mine.token

    client.get(reverse("orders:cart"))

    mine.refresh_from_db()
    assert mine.customer is None


def test_what_is_added_later_lands_in_the_basket_of_the_account(client):
    home = CartFactory(customer=member())
    sign_in(client)
    del client.cookies["cart"]

    client.post(reverse("orders:cart_line_create"), {"sku": in_stock().sku, "quantity": "1"})

    assert CartLine.objects.get().cart == home


def test_every_market_keeps_its_own_basket(client):
    eu, customer = MarketFactory(eu=True), member()
    CartFactory(customer=customer, market=eu)

    answer = sign_in(client)

    assert answer.cookies["cart_eu"].value
    assert not answer.cookies["cart"].value


def test_the_wishes_come_along(client):
    user = member().user
    wishes = Wishlist.objects.create(
        market=MarketFactory(),
        name="Wish list",
        created_at=timezone.now(),
        updated_at=timezone.now(),
    )
    client.cookies["wishlist"] = wishes.token

    sign_in(client)

    assert Wishlist.objects.get().user == user
