"""Where somebody is signed in, ending it from elsewhere, and what must be proved once more."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from accounts.models import Customer, User
from accounts.services.doors.fresh import lately_proved
from tests.accounts.doors import ALICE, link_in, send_letters, sign_in, signed_in
from tests.factories import RateFactory
from tests.factories.customers import CustomerFactory, member
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
SESSIONS, ADDRESS = "/account/sessions/", "/account/email/"
NEW = "alice@new.example"


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


def elsewhere(**headers):
    client = Client(headers=headers)
    sign_in(client)
    return client


def change(client, email=NEW):
    return client.post(ADDRESS, {"action_add": "1", "email": email})


def prove(client, password=PASSWORD):
    return client.post(f"/account/reauthenticate/?next={ADDRESS}", {"password": password})


# Sessions


def test_every_device_is_listed(client):
    member()
    elsewhere(user_agent="Telephone")
    sign_in(client)

    page = client.get(SESSIONS)

    assert len(page.context["sessions"]) == 2
    assert "Telephone" in page.text
    assert "This is where you are now." in page.text


def test_one_device_is_signed_out_from_another(client):
    member()
    lost, other = elsewhere(user_agent="Lost"), elsewhere()
    sign_in(client)

    client.post(f"{SESSIONS}{UserSession.objects.get(user_agent='Lost').pk}/end/")

    assert (signed_in(lost), signed_in(other), signed_in(client)) == (False, True, True)


def test_all_other_devices_are_signed_out_at_once(client):
    member()
    one, two = elsewhere(), elsewhere()
    sign_in(client)

    client.post(SESSIONS)

    assert (signed_in(one), signed_in(two), signed_in(client)) == (False, False, True)


def test_a_session_of_somebody_else_is_not_there(client):
    member()
    elsewhere()
    client.force_login(member("bob@example.com").user)

    answer = client.post(f"{SESSIONS}{UserSession.objects.get().pk}/end/")

    assert answer.status_code == 404
    assert UserSession.objects.count() == 1


def test_a_session_ends_by_post_only(client):
    member()
    sign_in(client)

    assert client.get(f"{SESSIONS}{UserSession.objects.get().pk}/end/").status_code == 405


def test_signing_in_starts_a_session_of_its_own(client):
    member()
    client.get("/account/login/")
    client.post("/account/signup/", {"email": "x@example.com", "password1": PASSWORD})
    planted = client.session.session_key

    sign_in(client)

    assert client.session.session_key != planted


def test_a_closed_account_is_out_at_once(client):
    member()
    sign_in(client)

    User.objects.update(is_active=False)

    assert client.get("/account/").status_code == 302
    assert not signed_in(client)


# Proving it once more


def test_a_new_address_is_taken_only_after_the_password(client):
    client.force_login(member().user)

    asked = change(client)
    wrong = prove(client, "x")
    nothing = EmailAddress.objects.filter(email=NEW).exists()
    prove(client)
    change(client)

    assert asked.url.startswith("/account/reauthenticate/")
    assert wrong.status_code == 422
    assert not nothing
    assert EmailAddress.objects.filter(email=NEW, verified=False).exists()


def test_a_new_address_counts_once_it_is_confirmed(client):
    customer = member()
    client.force_login(customer.user)
    prove(client)
    change(client)
    before = User.objects.get().email

    link = link_in(send_letters()[-1])
    client.post(link)

    assert before == ALICE
    assert User.objects.get().email == NEW
    assert Customer.objects.get().email == NEW
    assert not EmailAddress.objects.filter(email=ALICE).exists()
    [notice] = send_letters()
    assert notice.to == [ALICE]
    assert notice.subject == "The email address of your account was changed"


@pytest.mark.parametrize("email", ["bob@example.com", NEW])
def test_a_taken_address_is_not_told_from_a_free_one(client, email):
    member("bob@example.com")
    client.force_login(member().user)
    prove(client)

    answer = change(client, email)
    page = client.get(answer.url)

    assert answer.url == ADDRESS
    assert f"We have mailed a link to {email}" in page.text


def test_a_taken_address_can_not_be_confirmed(client):
    member("bob@example.com")
    client.force_login(member().user)
    prove(client)
    change(client, "bob@example.com")

    answer = client.post(link_in(send_letters()[-1]))

    assert answer.status_code in (200, 302)
    assert User.objects.filter(email="bob@example.com").count() == 1
    assert User.objects.filter(email=ALICE).exists()


def test_a_customer_record_of_the_new_address_stays_its_own(client):
    customer = member()
    CustomerFactory(email=NEW)
    client.force_login(customer.user)
    prove(client)
    change(client)

    client.post(link_in(send_letters()[-1]))

    customer.refresh_from_db()
    assert customer.email == ALICE


def test_proof_holds_for_five_minutes(client, rf, time_machine):
    client.force_login(member().user)
    prove(client)

    def proved():
        request = rf.get("/")
        request.session, request.user = client.session, User.objects.get()
        return lately_proved(request)

    assert proved()
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=6))
    assert not proved()
