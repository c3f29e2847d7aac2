"""The address book of an account."""

import pytest
from django.utils import timezone

from accounts.models import Address
from accounts.services import addresses
from accounts.services.addresses import Written
from tests.factories import MarketFactory
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
TYPED = {
    "country": "GB",
    "name": "Alice Byron",
    "line1": "12 Analytical Row",
    "city": "London",
    "postcode": "n19gu",
}


@pytest.fixture
def alice(client, demo_market):
    MarketFactory(eu=True)
    customer = member()
    client.force_login(customer.user)
    return customer


def keep(customer, **parts):
    written = Written(
        **{"name": "Alice", "line1": "1 Row", "city": "London", "country": "GB", **parts}
    )
    return addresses.save(customer=customer, written=written, now=timezone.now())


def test_a_new_address_is_kept_in_the_countrys_spelling_and_the_first_is_filled_in(client, alice):
    answer = client.post("/account/addresses/new/", TYPED)

    row = Address.objects.get(customer=alice)
    assert answer.headers["Location"] == "/account/addresses/"
    assert row.postcode == "N1 9GU"
    assert row.is_default
    assert "12 Analytical Row" in client.get("/account/addresses/").text


def test_what_is_missing_is_said_beside_its_field(client, alice):
    answer = client.post("/account/addresses/new/", TYPED | {"line1": "", "postcode": "nonsense"})

    assert answer.status_code == 422
    assert "Enter the street and house number." in answer.text
    assert "Enter a postcode like" in answer.text
    assert not Address.objects.exists()


def test_another_country_has_other_fields_and_nothing_typed_is_lost(client, alice):
    asked = TYPED | {"country": "IE", "refresh": "1"}

    page = client.post("/account/addresses/new/", asked).text

    assert "County" in page
    assert "Eircode" in page
    assert 'value="12 Analytical Row"' in page
    assert not Address.objects.exists()


def test_fields_come_in_the_countrys_order_with_tokens_for_browsers(client, alice):
    page = client.post("/account/addresses/new/", {"country": "DE", "refresh": "1"}).text

    assert page.index('autocomplete="postal-code"') < page.index('autocomplete="address-level2"')
    for token in ("name", "organization", "address-line1", "address-line2", "country", "tel"):
        assert f'autocomplete="{token}"' in page


def test_a_country_nobody_delivers_to_is_refused(client, alice):
    answer = client.post("/account/addresses/new/", TYPED | {"country": "US"})

    assert answer.status_code == 422
    assert "We do not deliver there yet." in answer.text


def test_one_address_is_filled_in_at_a_time(client, alice):
    first, second = keep(alice), keep(alice, line1="2 Row")

    client.post(f"/account/addresses/{second.pk}/default/")

    first.refresh_from_db()
    assert not first.is_default
    assert Address.objects.get(is_default=True) == second


def test_when_it_is_removed_the_next_takes_its_place(client, alice):
    first, second = keep(alice), keep(alice, line1="2 Row")

    client.post(f"/account/addresses/{first.pk}/remove/")

    assert list(addresses.of(alice)) == [second]
    assert Address.objects.get().is_default


def test_an_address_is_changed(client, alice):
    row = keep(alice)

    client.post(f"/account/addresses/{row.pk}/", TYPED | {"name": "Alice King"})

    assert Address.objects.get().name == "Alice King"


@pytest.mark.parametrize("act", ["", "default/", "remove/"])
def test_addresses_of_others_are_not_found(client, alice, act):
    theirs = keep(member("bob@example.com"))

    assert client.post(f"/account/addresses/{theirs.pk}/{act}", TYPED).status_code == 404
    assert Address.objects.get() == theirs


def test_guests_are_asked_to_sign_in_and_come_back(client, demo_market):
    answer = client.get("/account/addresses/new/")

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("next=%2Faccount%2Faddresses%2Fnew%2F")


def test_a_book_has_room_for_fifty(client, alice, monkeypatch):
    monkeypatch.setattr(addresses, "MOST", 1)
    keep(alice)

    answer = client.post("/account/addresses/new/", TYPED)

    assert answer.status_code == 409
    assert "room for 50" in answer.text
