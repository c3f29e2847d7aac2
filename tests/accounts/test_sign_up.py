"""Opening an account: proved by a mailed link, and telling nobody who has one already."""

from typing import ClassVar

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.models import Customer, User
from accounts.services import customers
from shop.outbox.models import Mail
from tests.accounts.doors import ALICE, link_in, mailed_link, send_letters, sign_in, signed_in
from tests.factories import MarketFactory, RateFactory
from tests.factories.customers import CustomerFactory, member
from tests.factories.people import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db
SIGN_UP = "/account/signup/"


class CountingHasher(MD5PasswordHasher):
    """Counts the work a password makes, which is what a clock would measure."""

    done: ClassVar[list[str]] = []

    def encode(self, password, salt):
        self.done.append(password)
        return super().encode(password, salt)


@pytest.fixture(autouse=True)
def _market(demo_market):
    RateFactory()


@pytest.fixture
def hashing(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.done.clear()
    return CountingHasher.done


def sign_up(client, email=ALICE, password=PASSWORD):
    return client.post(SIGN_UP, {"email": email, "password1": password})


def test_an_account_opens_when_its_address_is_confirmed(client):
    answer = sign_up(client, "Alice@Example.com")
    link = mailed_link()
    looked = client.get(link)

    assert answer.url == "/account/confirm-email/"
    assert not signed_in(client)
    assert "Is alice@example.com your address?" in looked.text
    assert not EmailAddress.objects.get().verified

    confirmed = client.post(link)

    assert confirmed.url == "/account/"
    assert signed_in(client)
    assert Customer.objects.get().user == User.objects.get()


def test_confirmed_in_another_browser_nobody_is_signed_in_there(client):
    sign_up(client)
    other = Client()

    other.post(mailed_link())

    assert EmailAddress.objects.get().verified
    assert not signed_in(other)
    assert sign_in(other).url == "/account/"


def test_a_link_confirms_once(client):
    sign_up(client)
    link = mailed_link()
    client.post(link)

    assert "does not work any more" in Client().get(link).text
    assert Client().post(link).status_code == 404


def test_what_staff_read_of_the_mail_confirms_nothing(client):
    sign_up(client)
    key = mailed_link().rstrip("/").rpartition("/")[2]

    kept = Mail.objects.get()

    assert key not in kept.text + kept.html


def test_what_a_guest_ordered_joins_only_once_the_address_is_confirmed(client):
    guest = CustomerFactory(email=ALICE)
    sign_up(client)
    guest.refresh_from_db()
    assert guest.user is None

    client.post(mailed_link())

    guest.refresh_from_db()
    assert guest.user.email == ALICE


def test_an_unproved_login_is_given_nothing_even_by_hand(client):
    CustomerFactory(email=ALICE)
    user = UserFactory(email=ALICE)
    EmailAddress.objects.update(verified=False)

    with pytest.raises(customers.NotProved):
        customers.settle(user=user, now=user.joined_at)


# Telling nobody who has an account


def known():
    member()
    staff("owner")


@pytest.mark.parametrize("email", [ALICE, "new@example.com"])
def test_signing_up_looks_the_same_for_known_and_new_addresses(client, email):
    known()

    answer = sign_up(client, email)
    page = client.get(answer.url)

    assert (answer.status_code, answer.url) == (302, "/account/confirm-email/")
    assert email not in page.text
    assert list(page.context["messages"]) == []
    assert "A mail is on its way" in page.text


def test_signing_up_says_and_sets_the_same_for_known_and_new_addresses():
    known()
    seen = []
    for email in (ALICE, "new@example.com"):
        client = Client()
        answer = sign_up(client, email)
        cookies = {name: bool(one.value) for name, one in answer.cookies.items()}
        page = client.get(answer.url)
        seen.append((answer.status_code, sorted(answer.headers), cookies, page.text))

    assert seen[0] == seen[1]


def test_signing_up_takes_the_same_work_for_known_and_new_addresses(client, hashing):
    known()
    hashing.clear()

    sign_up(Client(), ALICE)
    for_known = len(hashing)
    sign_up(Client(), "new@example.com")

    assert for_known == len(hashing) - for_known == 1


@pytest.mark.parametrize("email", [ALICE, "nobody@example.com"])
def test_signing_in_takes_one_hash_for_known_and_unknown_addresses(client, hashing, email):
    member()
    hashing.clear()

    sign_in(client, email, "wrong")

    assert len(hashing) == 1


def test_the_owner_of_a_known_address_hears_of_it(client):
    known()
    sign_up(client)

    [letter] = send_letters()

    assert letter.to == [ALICE]
    assert letter.subject == "You have an account already"
    assert link_in(letter) == "/account/login/"
    assert User.objects.filter(email=ALICE).count() == 1


def test_a_password_of_a_stranger_changes_nothing_at_a_known_address(client):
    known()

    sign_up(client, password="of-somebody-else")

    assert User.objects.get(email=ALICE).check_password(PASSWORD)
    assert "No account has" in sign_in(Client(), password="of-somebody-else").text


def test_the_mail_is_written_in_the_language_of_the_market(client):
    MarketFactory(eu=True)
    client.post("/eu/account/signup/", {"email": ALICE, "password1": PASSWORD})

    assert mailed_link().startswith("/eu/account/confirm-email/")
