"""Suppliers' lists: read by the clock, shown with what they do to margins, done when approved."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from inventory.models import FeedChange, FeedRun, PriceBreak, SupplierFeed
from inventory.services import feeds as decisions
from shop.lib.fetch import Fetched, safe_fetch
from shop.lib.network import NotReached
from shop.processes.replenishment import feeds
from tests.factories import VariantFactory
from tests.factories.sourcing import offered, supplier
from tests.lib.webserver import Answer, serving

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 21, 19, 0, tzinfo=dt.UTC)
HEAD = "sku,stock,cost\n"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def feed():
    return SupplierFeed.objects.create(supplier=supplier(), url="https://pottery.example/list.csv")


def saying(*rows):
    """A server that answers with these rows."""

    def fetcher(url, **_limits):
        return Fetched((HEAD + "".join(f"{row}\n" for row in rows)).encode(), "text/csv", url)

    return fetcher


def read(feed, *rows, now=NOW):
    return feeds.read(feed_id=feed.pk, now=now, fetcher=saying(*rows))


def changes(run):
    rows = run.changes.order_by("offer__supplier_sku", "kind")
    return [(one.offer.supplier_sku, one.kind, one.was, one.becomes) for one in rows]


def decide(*found, is_approved=True):
    ids = [one.pk for one in found]
    return decisions.decide(change_ids=ids, is_approved=is_approved, actor=None, now=NOW)


def test_lists_what_is_new_and_changes_nothing(feed):
    dearer = offered(VariantFactory(), "10.00", supplier_sku="A", their_stock=5)
    gone = offered(VariantFactory(), "4.00", supplier_sku="B")
    offered(VariantFactory(), "7.00", supplier_sku="C", is_active=False, is_preferred=False)
    offered(VariantFactory(), "1.00", supplier_sku="D", their_stock=2)

    run = read(feed, "A,9,12.50", "C,,8.00", "D,2,1.00", "Z,1,1")

    assert changes(run) == [
        ("A", "cost", Decimal("10.000"), Decimal("12.500")),
        ("A", "stock", Decimal(5), Decimal(9)),
        ("B", "gone", Decimal("4.000"), None),
        ("C", "back", Decimal("7.000"), Decimal("8.000")),
    ]
    assert (run.status, run.rows, run.unknown) == ("pending", 4, 1)
    dearer.refresh_from_db()
    gone.refresh_from_db()
    assert (dearer.cost, dearer.their_stock, gone.is_active) == (10, 5, True)


def test_says_what_a_cost_does_to_the_margin(feed):
    offered(VariantFactory(price=Decimal("20.00")), "8.00", supplier_sku="A")

    (change,) = read(feed, "A,,10.00").changes.all()

    net = Decimal(20)
    assert (change.margin_was, change.margin_becomes) == (1 - 8 / net, 1 - 10 / net)


def test_without_a_rate_there_is_no_margin(feed):
    offered(VariantFactory(), "8.00", by="lamps", supplier_sku="A")
    lamps = supplier("lamps")
    lamps.currency = "JPY"
    lamps.save()
    theirs = SupplierFeed.objects.create(supplier=lamps, url="https://lamps.example/list.csv")

    (change,) = read(theirs, "A,,10.00").changes.all()

    assert (change.margin_was, change.margin_becomes) == (None, None)


def test_approved_changes_go_into_the_offer_and_its_breaks_stay(feed):
    offer = offered(VariantFactory(), "10.00", supplier_sku="A")
    PriceBreak.objects.create(offer=offer, from_units=12, cost="9.00")
    run = read(feed, "A,30,12.00")

    told = decide(*run.changes.all())

    offer.refresh_from_db()
    run.refresh_from_db()
    assert [one.is_done for one in told] == [True, True]
    assert (offer.cost, offer.their_stock, offer.told_at) == (12, 30, NOW)
    assert offer.breaks.get().cost == 9
    assert (run.status, run.decided_at) == ("decided", NOW)


def test_rejected_changes_change_nothing_and_are_not_told_again(feed):
    offer = offered(VariantFactory(), "10.00", supplier_sku="A")
    decide(*read(feed, "A,,12.00").changes.all(), is_approved=False)

    later = read(feed, "A,,12.00", "Z,,1", now=NOW + HOUR)
    dearer = read(feed, "A,,13.00", now=NOW + 2 * HOUR)

    offer.refresh_from_db()
    assert offer.cost == 10
    assert (later.status, changes(later)) == ("nothing", [])
    assert [becomes for _sku, _kind, _was, becomes in changes(dearer)] == [Decimal("13.000")]


def test_a_run_stays_open_until_each_row_is_decided(feed):
    offered(VariantFactory(), "10.00", supplier_sku="A")
    run = read(feed, "A,5,12.00")
    cost, stock = run.changes.order_by("kind")

    decide(cost)
    run.refresh_from_db()
    assert run.status == "pending"

    decide(stock, is_approved=False)
    run.refresh_from_db()
    assert run.status == "decided"


def test_a_newer_reading_outdates_the_older(feed):
    offer = offered(VariantFactory(), "10.00", supplier_sku="A")
    older = read(feed, "A,,12.00")
    read(feed, "A,,13.00", now=NOW + HOUR)

    (told,) = decide(*older.changes.all())

    older.refresh_from_db()
    offer.refresh_from_db()
    assert (older.status, told.is_done, offer.cost) == ("outdated", False, 10)


def test_the_same_file_again_is_the_run_that_is_waiting(feed):
    offered(VariantFactory(), "10.00", supplier_sku="A")
    first = read(feed, "A,,12.00")

    again = read(feed, "A,,12.00", now=NOW + HOUR)

    feed.refresh_from_db()
    assert again == first
    assert (FeedRun.objects.count(), feed.read_at) == (1, NOW + HOUR)


def test_an_offer_that_somebody_changed_meanwhile_keeps_its_cost(feed):
    offer = offered(VariantFactory(), "10.00", supplier_sku="A")
    run = read(feed, "A,,12.00")
    offer.cost = Decimal("11.00")
    offer.save()

    (told,) = decide(*run.changes.all())

    offer.refresh_from_db()
    assert (told.is_done, offer.cost) == (False, 11)
    assert "wait for the next reading" in told.words


def test_what_is_gone_hands_its_mark_to_the_next_supplier(feed):
    variant = VariantFactory()
    gone = offered(variant, supplier_sku="A")
    offered(VariantFactory(), "1.00", supplier_sku="B")
    other = offered(variant, by="lamps", is_preferred=False)
    run = read(feed, "B,,1.00")

    decide(*run.changes.filter(kind="gone"))

    gone.refresh_from_db()
    other.refresh_from_db()
    assert (gone.is_active, gone.is_preferred) == (False, False)
    assert other.is_preferred


def test_what_is_back_is_offered_again_at_its_new_cost(feed):
    offer = offered(VariantFactory(), "7.00", supplier_sku="A", is_active=False)

    decide(*read(feed, "A,,8.00").changes.filter(kind="back"))

    offer.refresh_from_db()
    assert (offer.is_active, offer.cost) == (True, 8)


def test_a_file_that_lacks_most_of_the_offers_is_doubted(feed):
    for sku in "ABCD":
        offered(VariantFactory(), "1.00", supplier_sku=sku)

    run = read(feed, "A,,1.00")

    assert "look whether the file is whole" in run.problems[0]["words"]


def test_a_feed_that_can_not_be_reached_says_why_and_leaves_what_waits(feed):
    offered(VariantFactory(), "10.00", supplier_sku="A")
    waiting = read(feed, "A,,12.00")

    def broken(_url, **_limits):
        raise NotReached("Nobody answered.")

    run = feeds.read(feed_id=feed.pk, now=NOW + HOUR, fetcher=broken)

    waiting.refresh_from_db()
    assert (run.status, run.problems[0]["words"]) == ("failed", "Nobody answered.")
    assert waiting.status == "pending"


def test_a_file_without_rows_fails_and_nothing_is_taken_for_gone(feed):
    offered(VariantFactory(), "10.00", supplier_sku="A")

    run = read(feed)

    assert run.status == "failed"
    assert not FeedChange.objects.exists()


def test_only_feeds_whose_time_has_come_are_read(feed):
    idle = SupplierFeed.objects.create(
        supplier=supplier("idle"), url="https://idle.example/", is_active=False
    )
    fresh = SupplierFeed.objects.create(
        supplier=supplier("fresh"),
        url="https://fresh.example/",
        read_at=NOW - 5 * HOUR,
        every_hours=6,
    )

    runs = feeds.read_due(now=NOW, fetcher=saying("A,1,1"))
    later = feeds.read_due(now=NOW + HOUR, fetcher=saying("A,1,1"))

    assert [run.feed for run in runs] == [feed]
    assert [run.feed for run in later] == [fresh]
    assert not idle.runs.exists()


def test_one_broken_feed_keeps_no_other_from_being_read(feed):
    other = SupplierFeed.objects.create(supplier=supplier("lamps"), url="https://lamps.example/")

    def fetcher(url, **_limits):
        if "pottery" in url:
            raise NotReached("Nobody answered.")
        return Fetched(f"{HEAD}A,1,1\n".encode(), "text/csv", url)

    assert [run.status for run in feeds.read_due(now=NOW, fetcher=fetcher)] == ["failed", "nothing"]
    assert other.runs.get().status == "nothing"


@pytest.mark.parametrize("url", ["http://127.0.0.1/list.csv", "http://169.254.169.254/latest"])
def test_addresses_inside_our_own_network_are_not_asked(feed, url):
    feed.url = url
    feed.save()

    assert feeds.read(feed_id=feed.pk, now=NOW).status == "failed"


def test_reads_over_the_network_what_a_server_sends(feed):
    offered(VariantFactory(), "10.00", supplier_sku="A")
    answer = Answer(f"{HEAD}A,3,11.00\n".encode(), kind="text/csv; charset=utf-8")

    with serving({"/list.csv": answer}) as server:
        feed.url = f"{server.url}/list.csv"
        feed.save()

        def trusting(url, **limits):
            return safe_fetch(url, **limits, trusted={server.door})

        run = feeds.read(feed_id=feed.pk, now=NOW, fetcher=trusting)

    assert len(changes(run)) == 2


def test_a_page_of_html_is_no_feed(feed):
    with serving({"/list.csv": Answer(b"<html>", kind="text/html")}) as server:
        feed.url = f"{server.url}/list.csv"
        feed.save()

        def trusting(url, **limits):
            return safe_fetch(url, **limits, trusted={server.door})

        run = feeds.read(feed_id=feed.pk, now=NOW, fetcher=trusting)

    assert run.status == "failed"
