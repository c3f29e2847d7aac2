"""Suppliers and their offers in the admin."""

import datetime as dt

import pytest
from django.utils import timezone

from inventory.models import PriceBreak, Supplier, SupplierOffer
from tests.factories import VariantFactory
from tests.factories.buying import came, offer, on_order, supplier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]
SUPPLIERS = "/admin/inventory/supplier/"
OFFERS = "/admin/inventory/supplieroffer/"


@pytest.fixture
def manager(sign_in):
    return sign_in("manager")


def _rows(prefix, *rows):
    counts = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    cells = {
        f"{prefix}-{number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.items()
    }
    return counts | cells


def _supplier(**fields):
    known = {
        "name": "Alder Pottery",
        "code": "alder",
        "currency": "eur",
        "country": "ie",
        "lead_days": 10,
        "payment_days": 30,
        "minimum": "100",
        "is_active": "on",
    }
    return (
        known | fields | _rows("contacts", {"name": "Alice Alder", "email": "alice@alder.example"})
    )


def _offer(by, variant, **fields):
    known = {"cost": "2.5", "pack_size": 6, "minimum": 12, "is_active": "on"}
    whose = {"supplier": by.pk, "variant": variant.pk}
    return known | whose | fields | _rows("breaks", {"from_units": 100, "cost": "2.10"})


def test_a_supplier_is_written_down_with_a_person_there(manager):
    answer = manager.post(f"{SUPPLIERS}add/", _supplier())

    found = Supplier.objects.get()
    assert answer.status_code == 302
    assert (found.currency, found.country) == ("EUR", "IE")
    assert found.contacts.get().name == "Alice Alder"


@pytest.mark.parametrize("fields", [{"currency": "EU"}, {"currency": "12x"}, {"minimum": "-1"}])
def test_a_supplier_that_makes_no_sense_is_asked_again(manager, fields):
    answer = manager.post(f"{SUPPLIERS}add/", _supplier(**fields))

    assert answer.status_code == 200
    assert not Supplier.objects.exists()


def test_the_list_is_searched_by_a_person_and_counts_what_is_on_the_way(manager):
    by = supplier(name="Birch", code="birch")
    by.contacts.create(name="Bob Birch")
    supplier(name="Cedar")
    on_order(by, (offer(by).variant, 3))

    page = manager.get(f"{SUPPLIERS}?q=bob").content.decode()

    assert "Birch" in page
    assert "Cedar" not in page


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_eight(
    manager, django_assert_max_num_queries
):
    for _number in range(8):
        offer(supplier())
    manager.get(SUPPLIERS)

    with django_assert_max_num_queries(14):
        manager.get(SUPPLIERS)


def test_its_page_shows_how_well_it_keeps_its_word(manager):
    by = supplier(lead_days=5)
    now = timezone.now() - dt.timedelta(days=30)
    order = on_order(by, (offer(by).variant, 10), now=now)
    came(order, (9, 1), now=now + dt.timedelta(days=4))

    page = manager.get(f"{SUPPLIERS}{by.pk}/change/").content.decode()

    assert "100%" in page
    assert "90%" in page
    assert "1 refused, 9 good" in page


def test_the_first_offer_of_a_variant_is_the_preferred_one(manager):
    by, variant = supplier(), VariantFactory()

    answer = manager.post(f"{OFFERS}add/", _offer(by, variant))

    found = SupplierOffer.objects.get()
    assert answer.status_code == 302
    assert found.is_preferred
    assert PriceBreak.objects.get(offer=found).from_units == 100


def test_the_mark_moves_with_a_tick_and_with_the_action(manager):
    variant = VariantFactory()
    first = offer(supplier(), variant, is_preferred=True)
    manager.post(f"{OFFERS}add/", _offer(supplier(), variant, prefer="on"))
    second = SupplierOffer.objects.exclude(pk=first.pk).get()
    second_is_it = second.is_preferred

    manager.post(OFFERS, {"action": "prefer_chosen", "_selected_action": [first.pk]})

    assert second_is_it
    assert SupplierOffer.objects.get(variant=variant, is_preferred=True) == first


def test_when_the_preferred_offer_goes_another_takes_its_place(manager):
    variant = VariantFactory()
    first = offer(supplier(), variant, is_preferred=True)
    second = offer(supplier(), variant)

    manager.post(f"{OFFERS}{first.pk}/delete/", {"post": "yes"})

    second.refresh_from_db()
    assert second.is_preferred


def test_offers_are_found_by_the_suppliers_own_number(manager):
    offer(supplier(), supplier_sku="TG-17")
    other = offer(supplier(), supplier_sku="XX-1")

    page = manager.get(f"{OFFERS}?q=tg-17").content.decode()

    assert "TG-17" in page
    assert other.variant.sku not in page


@pytest.mark.parametrize(
    ("role", "status"), [("catalogue", 200), ("warehouse", 200), ("marketing", 403)]
)
def test_who_sees_suppliers(sign_in, role, status):
    assert sign_in(role).get(SUPPLIERS).status_code == status


def test_the_warehouse_changes_no_terms(sign_in):
    by = supplier(name="Birch")

    sign_in("warehouse").post(f"{SUPPLIERS}{by.pk}/change/", _supplier())

    by.refresh_from_db()
    assert by.name == "Birch"
