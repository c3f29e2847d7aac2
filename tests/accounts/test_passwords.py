"""To a new password, by a mailed link; what makes a good one; and changing it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import customers
from accounts.services.doors import demo
from accounts.services.doors.passwords import NotAboutTheShop
from accounts.tasks import password_link
from shop.outbox.models import Mail, Message
from tests.accounts.doors import ALICE, link_in, mailed_link, send_letters, sign_in, signed_in
from tests.factories import RateFactory
from tests.factories.customers import CustomerFactory, member
from tests.factories.people import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"
BETTER = "much-better-than-before"


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def ask(client, email=ALICE):
    return client.post(RESET, {"email": email})


def open_link(client, link):
    """The link leads to the same page without the key in its address."""
    return client.get(link, follow=True).redirect_chain[-1][0]


@pytest.mark.parametrize("email", [ALICE, "nobody@example.com", "owner@example.com"])
def test_asking_for_a_link_is_answered_the_same(client, email):
    member()
    UserFactory(email="owner@example.com", is_staff=True)

    answer = ask(client, email)
    page = client.get(answer.url)

    assert (answer.status_code, answer.url) == (302, "/account/password/reset/done/")
    assert "If it has an account with us" in page.text
    assert email not in page.text
    assert Message.objects.count() == 1


def test_a_stranger_hears_that_there_is_no_account(client):
    ask(client, "nobody@example.com")

    [letter] = send_letters()

    assert letter.to == ["nobody@example.com"]
    assert letter.subject == "No account has this address"
    assert link_in(letter) == "/account/signup/"


def test_the_mailed_link_leads_to_a_new_password_once(client):
    member()
    ask(client, "ALICE@example.com")
    link = mailed_link()

    form = open_link(client, link)
    weak = client.post(form, {"password1": "short"})
    answer = client.post(form, {"password1": BETTER})

    assert "key" not in form.rpartition("set-password")[0].rpartition("/")[2]
    assert weak.status_code == 422
    assert answer.url == "/account/"
    assert signed_in(client)
    assert "does not work any more" in Client().get(link).text
    client.post("/account/logout/")
    assert sign_in(client, password=BETTER).status_code == 302


def test_the_key_goes_to_nobody_with_the_address_of_the_page(client):
    member()
    ask(client)

    page = client.get(mailed_link())

    assert "set-password" in page.url
    assert client.get(page.url)["Referrer-Policy"] == "same-origin"


def test_what_staff_read_of_the_mail_opens_nothing(client):
    member()
    ask(client)
    link = mailed_link()
    proof = link.rstrip("/").rpartition("/")[2].partition("-")[2]

    kept = Mail.objects.get()

    assert proof not in kept.text + kept.html
    assert proof in mail.outbox[0].alternatives[0].content


def test_what_waits_to_be_sent_can_not_be_read(client):
    member()
    ask(client)

    told = str(Message.objects.get().payload)

    assert ALICE not in told
    assert "/account/" not in told


def test_one_letter_box_is_not_flooded(client):
    member()

    answers = [ask(client).status_code for _press in range(5)]

    assert answers == [302, 302, 302, 429, 429]
    assert Message.objects.count() == 3


@pytest.mark.parametrize("link", ["x-y", "1-wrong-proof", "zzzzzzzzzzzzzzzz-a-b", "0-set-password"])
def test_a_link_that_does_not_hold_says_so(client, link):
    member()

    assert "does not work any more" in client.get(f"{RESET}key/{link}/").text


def test_a_new_password_is_no_way_around_the_second_factor(client):
    owner = staff("owner")
    demo.give(owner)
    ask(client, owner.email)

    answer = client.post(open_link(client, mailed_link()), {"password1": BETTER})

    assert answer.url == "/account/2fa/authenticate/"
    assert not signed_in(client)


def test_a_link_never_goes_to_an_address_that_waits_to_be_confirmed(client):
    user = member().user
    EmailAddress.objects.create(user=user, email="mallory@example.com")

    ask(client, "mallory@example.com")

    assert send_letters()[0].subject == "No account has this address"


def test_an_invited_customer_chooses_a_password_and_has_proved_the_address(client):
    customer = CustomerFactory(email="bob@example.com")
    customers.invite(customer=customer, now=timezone.now())
    password_link(message_id=Message.objects.get(topic=customers.TOPIC).pk)

    client.post(open_link(client, link_in(mail.outbox[-1])), {"password1": BETTER})

    customer.refresh_from_db()
    assert signed_in(client)
    assert customer.user.email == "bob@example.com"
    assert customers.has_proved(customer.user)
    assert "We have opened an account for you" in mail.outbox[0].body


def test_staff_are_not_invited():
    UserFactory(email="owner@example.com", is_staff=True)

    with pytest.raises(customers.NotACustomer):
        customers.invite(customer=CustomerFactory(email="owner@example.com"), now=timezone.now())


def test_changing_the_password_ends_all_other_sessions(client):
    member()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)

    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": BETTER}
    )

    assert answer.status_code == 302
    assert signed_in(client)
    assert not signed_in(elsewhere)
    assert [letter.subject for letter in send_letters()] == ["Your password was changed"]


def test_changing_the_password_asks_for_the_old_one(client):
    client.force_login(member().user)

    answer = client.post("/account/password/change/", {"oldpassword": "x", "password1": BETTER})

    assert answer.status_code == 422
    assert "This is not your password" in answer.text


# What makes a good one


@pytest.mark.parametrize(
    "password", ["Marl&Weft1", "marlandweft2026", "alice1-2-3-4", "weft-marl-99"]
)
def test_the_shops_name_and_ones_own_are_no_passwords(password):
    with pytest.raises(ValidationError):
        NotAboutTheShop().validate(password, User(email=ALICE, name="Alice Byron"))


@pytest.mark.parametrize("password", ["correct horse battery", "marl in a long sentence", "ü" * 12])
def test_sentences_are_passwords(password):
    NotAboutTheShop().validate(password, User(email=ALICE, name="Alice Byron"))


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("ninechars", False),
        ("tenletters", True),
        ("password123", False),
        ("q" * 20 + " " * 44 + "z", True),
        ("x" * 200, True),
        ("x" * 201, False),
    ],
)
def test_long_passwords_and_spaces_are_welcome(client, password, is_taken):
    answer = client.post("/account/signup/", {"email": "ann@example.org", "password1": password})

    assert (answer.status_code == 302) is is_taken
    assert not is_taken or User.objects.get().check_password(password)


def test_pages_let_a_password_be_pasted_and_managers_fill_it_in(client):
    page = client.get("/account/signup/").text

    assert re.search(r'autocomplete="new-password"', page)
    assert "onpaste" not in page
