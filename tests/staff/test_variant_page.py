"""What few variants have stands on a page of their own: parts, files, keys."""

import pytest
from django.urls import reverse

from catalog.models import BundlePart
from inventory.models import LicenceKey
from tests.factories import VariantFactory
from tests.staff.forms import form_of

pytestmark = pytest.mark.django_db
KEYS = "/admin/inventory/licencekey/add/"


@pytest.fixture
def gift_set(demo_market):
    return VariantFactory(sku="GIFT-SET")


def address_of(variant):
    return reverse("admin:catalog_variant_change", args=[variant.pk])


def with_part(owner, bundle, part, units=2):
    data = form_of(owner.get(address_of(bundle))) | {
        "parts-TOTAL_FORMS": 1,
        "parts-0-part": part.pk,
        "parts-0-quantity": units,
        "parts-0-position": 0,
    }
    return owner.post(address_of(bundle), data)


def test_a_variant_becomes_a_bundle_and_saving_leads_back_to_its_row(owner, gift_set):
    cup = VariantFactory(sku="CUP")

    answer = with_part(owner, gift_set, cup)

    assert BundlePart.objects.get(bundle=gift_set).quantity == 2
    assert answer["Location"].endswith("?variant=GIFT-SET#variants")


def test_a_bundle_in_a_bundle_is_refused_in_words(owner, gift_set):
    cup, saucer = VariantFactory(sku="CUP"), VariantFactory(sku="SAUCER")
    BundlePart.objects.create(bundle=cup, part=saucer)

    answer = with_part(owner, gift_set, cup)

    assert "CUP is a bundle itself." in answer.content.decode()


def test_keys_are_put_in_many_at_once_and_shown_by_their_end(owner, gift_set):
    data = {"variant": gift_set.pk, "codes": "AAAA-1111\nBBBB-2222\n\nAAAA-1111"}

    owner.post(KEYS, data)

    page = owner.get("/admin/inventory/licencekey/").content.decode()
    assert LicenceKey.objects.filter(variant=gift_set).count() == 2
    assert "…2222" in page
    assert "BBBB-2222" not in page


def test_keys_that_are_all_there_are_named(owner, gift_set):
    owner.post(KEYS, {"variant": gift_set.pk, "codes": "AAAA-1111"})

    answer = owner.post(KEYS, {"variant": gift_set.pk, "codes": "AAAA-1111"})

    assert "All of these are there already." in answer.content.decode()


def test_a_taken_key_stays(owner, gift_set):
    owner.post(KEYS, {"variant": gift_set.pk, "codes": "AAAA-1111"})
    key = LicenceKey.objects.get()
    LicenceKey.objects.update(holder="8b1c1c52-7d6b-4c4e-9e8b-1f5d0c7a1a11", taken_at=key.added_at)

    answer = owner.post(f"/admin/inventory/licencekey/{key.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert LicenceKey.objects.exists()
