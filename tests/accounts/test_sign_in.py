"""Signing in and out: small, safe, and the basket comes along."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer, User
from accounts.services import customers
from accounts.tasks import password_link
from orders.models import Cart, CartLine, Wishlist
from shop.outbox.models import Mail, Message
from tests.factories import CartFactory, CartLineFactory, MarketFactory, RateFactory, in_stock
from tests.factories.customers import CustomerFactory, GroupFactory, member
from tests.factories.people import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def sign_in(client, email="alice@example.com", password=PASSWORD, **fields):
    return client.post(SIGN_IN, {"email": email, "password": password, **fields})


def signed_in(client):
    return get_user(client).is_authenticated


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
        ("owner@example.com", PASSWORD),
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
            {"email": "alice@example.com", "password": "guess"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )

    assert sign_in(client).status_code == 429
    assert not signed_in(client)


def test_guessing_at_many_accounts_from_one_place_is_stopped(client):
    member()
    for number in range(20):
        sign_in(client, f"guess{number}@example.com", "guess")

    assert sign_in(client).status_code == 429


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

    for address in ("/account/", SIGN_IN, "/account/password/", "/account/prices/?v=X"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_forms_want_their_token():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(SIGN_IN, {"email": "a@example.com", "password": "x"}).status_code == 403
    assert strict.post("/account/sign-out/").status_code == 403


def test_looking_around_sets_no_session(client):
    for address in ("/", SIGN_IN, "/cart/"):
        assert "session" not in client.get(address).cookies


def test_without_an_account_its_page_asks_to_sign_in(client):
    assert client.get("/account/").url == "/account/sign-in/?next=%2Faccount%2F"


def test_staff_have_no_account_in_the_shop(client):
    client.force_login(staff("owner"))

    assert client.get("/account/").status_code == 302


def test_signing_out_leaves_nothing_in_the_browser(client):
    customer = member()
    line = CartLineFactory()
    client.cookies["cart"] = line.cart.token
    sign_in(client)

    answer = client.post("/account/sign-out/")

    assert not signed_in(client)
    assert {name for name, one in answer.cookies.items() if not one.value} >= {
        "cart",
        "cart_count",
        "session",
        "signed_in",
        "wishlist",
    }
    assert Cart.objects.get(customer=customer) == line.cart
    assert client.get("/account/sign-out/").status_code == 405


def test_a_login_without_a_customer_gets_one(client):
    UserFactory(email="alice@example.com", name="Alice Byron")

    sign_in(client)

    assert Customer.objects.get(email="alice@example.com").user == User.objects.get()


def test_a_login_takes_over_the_customer_of_its_address(client):
    known = CustomerFactory(email="Alice@example.com", groups=[GroupFactory()])
    user = UserFactory(email="alice@example.com")

    sign_in(client)

    assert Customer.objects.get(user=user) == known


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
    client.post("/account/sign-out/")

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


# A new password


def link_in_mail():
    message = Message.objects.get(topic=customers.TOPIC)
    password_link(message_id=message.pk)
    return re.search(r"/account/password/\S+", mail.outbox[-1].body).group(0)


@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com"])
def test_asking_for_a_link_is_answered_the_same(client, email):
    member()

    answer = client.post("/account/password/", {"email": email})

    assert answer.status_code == 200
    assert f"If {email} has an account with us" in answer.text


def test_the_mailed_link_leads_to_a_new_password_once(client):
    member()
    client.post("/account/password/", {"email": "ALICE@example.com"})
    link = link_in_mail()

    assert client.get(link).status_code == 200
    assert client.post(link, {"password": "short"}).status_code == 422
    answer = client.post(link, {"password": "a-much-better-one"})

    assert answer.url == "/account/"
    assert signed_in(client)
    assert client.get(link).status_code == 410
    client.post("/account/sign-out/")
    assert sign_in(client, password="a-much-better-one").status_code == 302


def test_what_staff_read_of_the_mail_opens_nothing(client):
    member()
    client.post("/account/password/", {"email": "alice@example.com"})
    proof = link_in_mail().rstrip("/").rpartition("/")[2]

    kept = Mail.objects.get()
    assert proof not in kept.text + kept.html
    assert proof in mail.outbox[0].alternatives[0].content


def test_staff_get_no_link(client):
    UserFactory(email="owner@example.com", is_staff=True)

    client.post("/account/password/", {"email": "owner@example.com"})

    assert not Message.objects.exists()


def test_one_letter_box_is_not_flooded(client):
    member()

    for _press in range(5):
        client.post("/account/password/", {"email": "alice@example.com"})

    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "link", ["x/y", "MQ/wrong-proof", "8J-SqQ/z", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5/a-b"]
)
def test_a_link_that_does_not_hold_says_so(client, link):
    member()

    assert client.get(f"/account/password/{link}/").status_code == 410


def test_an_invited_customer_chooses_a_password(client):
    customer = CustomerFactory(email="bob@example.com")
    customers.invite(customer=customer, now=timezone.now())

    client.post(link_in_mail(), {"password": "a-much-better-one"})

    customer.refresh_from_db()
    assert signed_in(client)
    assert customer.user.email == "bob@example.com"
    assert "We have opened an account for you" in mail.outbox[0].body


def test_staff_are_not_invited():
    UserFactory(email="owner@example.com", is_staff=True)

    with pytest.raises(customers.NotACustomer):
        customers.invite(customer=CustomerFactory(email="owner@example.com"), now=timezone.now())
