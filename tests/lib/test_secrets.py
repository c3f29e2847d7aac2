"""Secrets at rest: nobody reads them in a dump, and a changed key still opens what is older."""

import pytest
from django.db import connection

from inventory.models import Location
from shop.lib import secrets


def test_a_sealed_text_says_nothing_and_opens_again():
    sealed = secrets.seal("whsec_1234")

    assert "1234" not in sealed
    assert secrets.unseal(sealed) == "whsec_1234"


def test_the_same_text_looks_different_every_time():
    assert secrets.seal("once") != secrets.seal("once")


def test_what_an_older_key_sealed_is_opened_by_a_shop_that_still_knows_it(settings):
    sealed = secrets.seal("kept")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

    assert secrets.unseal(sealed) == "kept"


def test_without_its_key_it_stays_shut(settings):
    sealed = secrets.seal("kept")
    settings.SECRET_KEY = "another"

    with pytest.raises(secrets.Unreadable):
        secrets.unseal(sealed)


@pytest.mark.django_db
def test_a_table_holds_only_what_is_sealed():
    place = Location.objects.create(code="far", name="Far", secret="shared-with-them")

    with connection.cursor() as cursor:
        cursor.execute("select secret from inventory_location where id = %s", [place.pk])
        (kept,) = cursor.fetchone()

    assert "shared" not in kept
    assert Location.objects.get(pk=place.pk).secret == "shared-with-them"


@pytest.mark.django_db
def test_no_secret_stays_no_secret():
    place = Location.objects.create(code="near", name="Near")

    assert Location.objects.get(pk=place.pk).secret == ""
