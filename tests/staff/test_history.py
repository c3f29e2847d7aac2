"""Who changed what, and when."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Price, Product, Variant
from tests.factories import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug(demo_market):
    product = ProductFactory(title="Ash mug")
    VariantFactory(product=product, sku="ASH", price=Decimal(22), cost=Decimal(7))
    return product


def change(row, actor, **values):
    row._history_user = actor
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def page_of(client, product, **query):
    return client.get(reverse("admin:catalog_product_changes", args=[product.pk]), query)


def told(entries):
    """The last change of each value."""
    return {
        (entry.subject, change.name): (change.before, change.after)
        for entry in reversed(entries)
        for change in entry.changes
    }


def test_one_timeline_tells_of_product_variants_and_prices_in_words(owner, mug):
    alice, shelf = staff("catalogue"), CategoryFactory(name="Bowls")
    change(mug, alice, title="Ash cup", category=shelf, status="phase_out")
    change(Variant.objects.get(), alice, grams=400)
    change(Price.objects.get(), alice, amount=Decimal("19.50"))

    entries = page_of(owner, mug).context["entries"]

    found = told(entries)
    assert found["Product", "Title"] == ("Ash mug", "Ash cup")
    assert found["Product", "Category"] == ("Mugs", "Bowls")
    assert found["Product", "Status"] == ("Active", "Selling out")
    assert found["ASH", "Weight in grams"] == ("390", "400")
    assert found["Price of ASH, United Kingdom", "Price"] == ("22.00", "19.50")
    assert [entry.who for entry in entries[:3]] == ["Catalogue"] * 3


def test_the_timeline_narrows_to_one_person(owner, mug):
    alice, bob = staff("catalogue"), staff("manager")
    change(mug, alice, title="Hers")
    change(mug, bob, title="His")

    entries = page_of(owner, mug, who=bob.pk).context["entries"]

    assert [change.after for entry in entries for change in entry.changes] == ["His"]


def test_what_is_gone_is_still_told_of(owner, mug):
    Variant.objects.get().delete()

    subjects = [(one.subject, one.what) for one in page_of(owner, mug).context["entries"]]

    assert ("ASH", "Deleted") in subjects


def test_the_button_of_the_form_leads_to_the_timeline(owner, mug):
    answer = owner.get(reverse("admin:catalog_product_history", args=[mug.pk]))

    assert answer.url == reverse("admin:catalog_product_changes", args=[mug.pk])


def test_costs_are_told_only_to_who_may_see_them(sign_in, mug):
    change(Variant.objects.get(), None, cost=Decimal(8))

    for role, sees in (("catalogue", True), ("support", False)):
        entries = page_of(sign_in(role), mug).context["entries"]
        assert (("ASH", "Unit cost") in told(entries)) is sees, role


def test_a_long_timeline_comes_in_pages_of_the_same_cost(owner, mug, django_assert_max_num_queries):
    page_of(owner, mug)
    with django_assert_max_num_queries(30) as few:
        page_of(owner, mug)
    for number in range(40):
        change(Product.objects.get(), None, title=f"Mug {number}")

    with django_assert_max_num_queries(len(few)):
        page = page_of(owner, mug, page=1)

    assert len(page.context["entries"]) == 30
    for odd in ("-1", "99999999", "abc"):
        assert page_of(owner, mug, page=odd, who="'").status_code == 200
