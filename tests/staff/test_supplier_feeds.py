"""What suppliers' lists tell is looked at and decided by staff, row by row or many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from inventory.models import BuyingPolicy, FeedChange, FeedRun, Routing, SupplierFeed
from shop.outbox.models import Message
from tests.factories import VariantFactory
from tests.factories.sourcing import offered, supplier

pytestmark = pytest.mark.django_db
LIST = "/admin/inventory/feedchange/"
DECISION = reverse("admin:inventory_feedchange_decision")


@pytest.fixture
def run():
    feed = SupplierFeed.objects.create(supplier=supplier(), url="https://pottery.example/a.csv")
    return FeedRun.objects.create(feed=feed, status="pending", rows=2, at=timezone.now())


def change(run, cost="10.00", becomes="12.00", **fields):
    offer = offered(VariantFactory(), cost)
    return run.changes.create(offer=offer, kind="cost", was=cost, becomes=becomes, **fields)


def told(answer):
    return [str(message) for message in answer.wsgi_request._messages]


def listed(client, **query):
    return list(client.get(LIST, query).context["cl"].result_list)


def test_the_list_shows_what_a_change_does_to_the_margin(owner, run):
    change(run, margin_was="0.6200", margin_becomes="0.5450")

    page = owner.get(LIST).content.decode()

    assert "£10.00" in page
    assert "£12.00" in page
    assert "62.0%" in page
    assert "54.5%" in page


def test_one_row_is_approved_with_its_button(owner, run):
    wanted, other = change(run), change(run)

    answer = owner.post(DECISION, {"approve": wanted.pk, "back": "kind__exact=cost"})

    for one in (wanted, other):
        one.refresh_from_db()
        one.offer.refresh_from_db()
    assert answer.url == f"{LIST}?kind__exact=cost"
    assert (wanted.decision, wanted.offer.cost) == ("approved", 12)
    assert (other.decision, other.offer.cost) == ("", 10)


def test_many_rows_are_decided_and_each_is_told_of(owner, run):
    fine, moved = change(run), change(run)
    moved.offer.cost = 11
    moved.offer.save()

    answer = owner.post(
        LIST, {"action": "approve", "_selected_action": [fine.pk, moved.pk], "index": 0}
    )

    messages = told(answer)
    assert len(messages) == 2
    assert messages[0].endswith("Approved")
    assert "wait for the next reading" in messages[1]


def test_rejecting_leaves_the_offer_alone(owner, run):
    wanted = change(run)

    owner.post(DECISION, {"reject": wanted.pk})

    wanted.refresh_from_db()
    run.refresh_from_db()
    wanted.offer.refresh_from_db()
    assert (wanted.decision, wanted.offer.cost, run.status) == ("rejected", 10, "decided")
    assert run.decided_by.name == "Owner"


def test_the_list_has_only_what_can_be_decided_unless_asked(owner, run):
    waiting, done = change(run), change(run, decision="approved")
    old = change(FeedRun.objects.create(feed=run.feed, status="outdated", at=timezone.now()))

    assert listed(owner) == [waiting]
    assert set(listed(owner, state="all")) == {waiting, done, old}
    assert listed(owner, run__id__exact=run.pk) == [waiting]


@pytest.mark.parametrize("role", ["warehouse", "support", "catalogue", "marketing"])
def test_who_buys_nothing_decides_nothing(sign_in, run, role):
    wanted = change(run)

    answer = sign_in(role).post(DECISION, {"approve": wanted.pk})

    wanted.refresh_from_db()
    assert (answer.status_code, wanted.decision) == (403, "")


def test_deciding_is_no_link(owner):
    assert owner.get(DECISION).status_code == 405


def test_a_feed_is_read_by_a_worker_when_asked(owner, run):
    owner.post(
        "/admin/inventory/supplierfeed/",
        {"action": "read_now", "_selected_action": [run.feed.pk], "index": 0},
    )

    owed = Message.objects.get(topic="replenishment.read_feed")
    assert owed.payload == {"feed_id": run.feed.pk}


def test_readings_say_what_was_wrong(owner, run):
    run.problems = [{"row": 7, "words": "It has no SKU."}]
    run.save()
    change(run)

    page = owner.get("/admin/inventory/feedrun/").content.decode()

    assert "Row 7: It has no SKU." in page
    assert f"{LIST}?run__id__exact={run.pk}" in page
    assert owner.get(f"/admin/inventory/feedrun/{run.pk}/change/").status_code == 200


def test_a_longer_list_asks_no_more_of_the_database(owner, run):
    change(run)
    change(run)
    few = _queries(owner)
    for _number in range(20):
        change(run)

    assert _queries(owner) == few


def test_the_file_has_no_buttons_in_it(owner, run):
    change(run)

    lines = owner.get(f"{LIST}list.csv").getvalue().decode("utf-8-sig").splitlines()

    assert "Approve" not in lines[1]
    assert FeedChange.objects.count() == 1


@pytest.mark.parametrize(("model", "table"), [("routing", Routing), ("buyingpolicy", BuyingPolicy)])
def test_one_row_settings_are_made_when_somebody_looks(owner, model, table):
    answer = owner.get(f"/admin/inventory/{model}/", follow=True)

    assert answer.status_code == 200
    assert table.objects.get().pk == 1
    assert owner.get(f"/admin/inventory/{model}/add/").status_code == 403


def test_how_orders_are_spread_is_set(owner):
    owner.get("/admin/inventory/routing/1/change/")

    owner.post("/admin/inventory/routing/1/change/", {"strategy": "nearest"})

    assert Routing.objects.get().strategy == "nearest"


def _queries(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)
