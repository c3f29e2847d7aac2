"""Pages a customer looks at are kept while they agree to it."""

import pytest
from django.utils import timezone

from accounts.models import Purpose, Visit
from accounts.services import consents
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
URL = "/account/visits/"
SEEN = {"path": "/mugs/?q=secret#x", "title": "Mugs"}


@pytest.fixture
def alice(client, demo_market):
    customer = member()
    client.force_login(customer.user)
    return customer


def agree(customer):
    told = {"customer": customer, "purpose": Purpose.VISITS, "source": "account"}
    consents.give(**told, now=timezone.now())


def test_a_visit_is_kept_without_what_was_searched_for(client, alice):
    agree(alice)

    answer = client.post(URL, SEEN)

    assert answer.status_code == 204
    visit = Visit.objects.get()
    assert (visit.customer, visit.path, visit.title) == (alice, "/mugs/", "Mugs")


def test_the_same_page_again_is_the_same_visit(client, alice):
    agree(alice)

    client.post(URL, SEEN)
    client.post(URL, SEEN)

    assert Visit.objects.count() == 1


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "", "x"])
def test_what_is_no_page_of_ours_is_not_kept(client, alice, path):
    agree(alice)

    assert client.post(URL, {"path": path}).status_code == 204
    assert not Visit.objects.exists()


def test_without_consent_nothing_is_kept_and_the_page_stops_telling(client, alice):
    client.cookies["visits"] = "1"

    answer = client.post(URL, SEEN)

    assert not Visit.objects.exists()
    assert answer.cookies["visits"].value == ""


def test_guests_are_nobody(client, demo_market):
    assert client.post(URL, SEEN).status_code == 204
    assert not Visit.objects.exists()


def test_other_sites_can_not_make_somebody_visit(client, alice):
    agree(alice)

    answer = client.post(URL, SEEN, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert not Visit.objects.exists()


def test_the_mark_comes_with_the_consent_and_goes_with_it(client, alice):
    given = client.post("/account/preferences/", {"visits": "on"})
    client.post(URL, SEEN)
    withdrawn = client.post("/account/preferences/", {})

    assert given.cookies["visits"].value == "1"
    assert withdrawn.cookies["visits"].value == ""
    assert not Visit.objects.exists()


def test_pages_for_everybody_set_no_cookie(client, demo_market):
    page = client.get("/")

    assert not page.cookies
    assert 'data-visits="/account/visits/"' in page.text
