"""What staff see of feeds."""

import datetime as dt

import pytest
from django.utils import timezone

from channels.models import Feed
from channels.services import feeds
from tests.channels.test_feeds import goods
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LEFT_OUT = "/admin/channels/feedrejection/"


@pytest.fixture
def marketing(client):
    client.force_login(staff("marketing"))
    return client


@pytest.fixture
def feed(demo_market):
    return Feed.objects.create(name="google-uk", kind=Feed.Kind.GOOGLE, market=demo_market)


def test_the_list_says_when_a_feed_was_made_and_where_it_is(marketing, feed):
    goods()
    goods(description="")
    run = feeds.make(feed=feed, now=timezone.now())

    page = marketing.get("/admin/channels/feed/").content.decode()

    assert "https://shop.example/feeds/google-uk.xml" in page
    assert f"{LEFT_OUT}?run={run.pk}" in page


def test_a_feed_that_was_never_made_has_no_address_yet(marketing, feed):
    page = marketing.get("/admin/channels/feed/").content.decode()

    assert "google-uk" in page
    assert "/feeds/google-uk.xml" not in page


def test_what_was_left_out_is_found_by_reason_and_leads_to_the_product(marketing, feed):
    mute = goods(description="", title="Mute mug")
    goods(brand="", title="Nameless mug")
    feeds.make(feed=feed, now=timezone.now())

    page = marketing.get(LEFT_OUT, {"reason": "No description."}).content.decode()
    found = marketing.get(LEFT_OUT, {"q": "nameless"}).content.decode()

    assert f"/admin/catalog/product/{mute.pk}/change/" in page
    assert "Nameless mug" not in page
    assert "Nameless mug" in found
    assert "Mute mug" not in found


def test_only_the_newest_making_is_shown_unless_another_is_asked_for(marketing, feed):
    product = goods(description="", title="Mute mug")
    first = feeds.make(feed=feed, now=timezone.now() - dt.timedelta(days=1))
    type(product).objects.update(description="Words.")
    feeds.make(feed=feed, now=timezone.now())

    assert "Mute mug" not in marketing.get(LEFT_OUT).content.decode()
    assert "Mute mug" in marketing.get(LEFT_OUT, {"run": first.pk}).content.decode()


@pytest.mark.parametrize("run", ["abc", "-1", "9" * 40, "'", "٣"])
def test_a_making_that_makes_no_sense_breaks_nothing(marketing, feed, run):
    assert marketing.get(LEFT_OUT, {"run": run}).status_code in (200, 302)


def test_staff_may_ask_for_a_feed_at_once(marketing, feed):
    chosen = {"action": "make_now", "_selected_action": [feed.pk]}

    response = marketing.post("/admin/channels/feed/", chosen, follow=True)

    assert "On the way: look again in a minute." in response.content.decode()


def test_makings_are_written_by_the_shop_alone(marketing, feed):
    assert marketing.get("/admin/channels/feedrun/").status_code == 200
    assert marketing.get("/admin/channels/feedrun/add/").status_code == 403
