"""The one record of a customer, as staff see it."""

import pytest
from django.utils import timezone

from accounts.models import Customer, CustomerNote, Purpose, Visit
from accounts.services import consents
from catalog.models import Review
from shop.outbox.models import Mail
from tests.factories import in_stock, placed_order
from tests.factories.customers import CustomerFactory, member
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def owner(client):
    client.force_login(staff("owner"))
    return client


def page_of(customer):
    return f"/admin/accounts/customer/{customer.pk}/change/"


def history(client, customer, **query):
    return client.get(page_of(customer), query).context["record"]


def test_everything_stands_in_one_timeline_newest_first(owner, demo_market):
    alice = member()
    order = placed_order()
    Mail.objects.create(
        key="m", kind="k", to="Alice@example.com", subject="Your order", text="", sent_at=NOW
    )
    Review.objects.create(
        product=in_stock().product, customer=alice, author="A", stars=4, text="Ok", written_at=NOW
    )
    consents.give(customer=alice, purpose=Purpose.VISITS, source="account", now=NOW)
    Visit.objects.create(customer=alice, path="/mugs/", title="Mugs", at=NOW)

    page = owner.get(page_of(alice))
    entries = page.context["record"]["entries"]

    assert {one.kind for one in entries} >= {"order", "mail", "review", "consent", "visit"}
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    assert f"Order {order.number}" in page.text
    assert "as a guest" in page.text


def test_one_kind_is_picked_out(owner, demo_market):
    alice = member()
    placed_order()
    Visit.objects.create(customer=alice, path="/mugs/", at=NOW)

    found = history(owner, alice, kind="visit")

    assert {one.kind for one in found["entries"]} == {"visit"}


def test_long_histories_come_in_pieces(owner):
    alice = member()
    for minute in range(60):
        at = NOW - timezone.timedelta(minutes=minute)
        Visit.objects.create(customer=alice, path=f"/{minute}/", at=at)

    first = history(owner, alice, kind="visit")
    query = dict(part.split("=") for part in first["older_url"][1:].split("#")[0].split("&"))
    page = owner.get(page_of(alice) + first["older_url"])

    assert len(first["entries"]) == 50
    assert query["kind"] == "visit"
    assert len(page.context["record"]["entries"]) == 10


def test_notes_are_written_by_name(owner):
    alice = CustomerFactory()

    owner.post(f"/admin/accounts/customer/{alice.pk}/notes/", {"text": " Prefers mornings "})

    note = CustomerNote.objects.get()
    assert (note.text, note.author.name) == ("Prefers mornings", "Owner")
    assert "Prefers mornings" in owner.get(page_of(alice)).text


def test_an_empty_note_is_refused(owner):
    alice = CustomerFactory()

    owner.post(f"/admin/accounts/customer/{alice.pk}/notes/", {"text": "  "})

    assert not CustomerNote.objects.exists()


def test_tags_are_words_with_commas_between(owner):
    alice = CustomerFactory()

    owner.post(f"/admin/accounts/customer/{alice.pk}/tags/", {"tags": "VIP,  press , vip,"})

    alice.refresh_from_db()
    assert alice.tags == ["press", "vip"]
    owner.post(f"/admin/accounts/customer/{alice.pk}/tags/", {"tags": "x" * 41})
    alice.refresh_from_db()
    assert alice.tags == ["press", "vip"]


def test_support_sees_the_record_and_marketing_does_not(client):
    alice = CustomerFactory()
    for role, sees in (("support", True), ("marketing", False)):
        client.force_login(staff(role))
        record = client.get(page_of(alice)).context.get("record")
        assert bool(record) is sees


@pytest.mark.parametrize("act", ["notes", "tags", "merge", "view-as"])
def test_marketing_may_not_do_any_of_it(client, act):
    alice = CustomerFactory()
    client.force_login(staff("marketing"))

    answer = client.post(f"/admin/accounts/customer/{alice.pk}/{act}/", {"text": "x", "tags": "x"})

    assert answer.status_code == 403
    assert not CustomerNote.objects.exists()


# Merging


def test_two_records_are_compared_before_they_become_one(owner):
    keep, gone = CustomerFactory(), CustomerFactory(email="double@example.com")
    CustomerNote.objects.create(customer=gone, text="Kept", at=NOW)
    url = f"/admin/accounts/customer/{keep.pk}/merge/"

    asked = owner.get(url, {"with": "Double@example.com"})
    assert "customer notes: 1" in asked.text
    assert Customer.objects.count() == 2

    done = owner.post(url, {"with": "double@example.com"}, follow=True)
    assert "is part of this record now" in done.text
    assert Customer.objects.get() == keep
    assert CustomerNote.objects.filter(customer=keep, text="Kept").exists()
    assert gone.email in done.text


def test_an_unknown_other_record_is_said(owner):
    keep = CustomerFactory()

    page = owner.get(f"/admin/accounts/customer/{keep.pk}/merge/?with=x@example.com", follow=True)

    assert "No customer has the e-mail x@example.com." in page.text


def test_probable_pairs_are_listed_with_a_way_to_compare(owner):
    CustomerFactory(email="a.b@example.com")
    CustomerFactory(email="ab+1@example.com")

    page = owner.get("/admin/accounts/customer/duplicates/").text

    assert "mailbox, written otherwise" in page
    assert "merge/?with=ab%2B1%40example.com" in page
