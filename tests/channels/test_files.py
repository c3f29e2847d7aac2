"""Feeds as other services fetch them."""

import gzip

import pytest
from django.utils import timezone

from channels.models import Feed, FeedRun
from channels.services import feeds
from tests.channels.test_feeds import goods

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(demo_market):
    goods(slug="mug")
    return Feed.objects.create(name="google-uk", kind=Feed.Kind.GOOGLE, market=demo_market)


def body(response):
    return b"".join(response.streaming_content)


def test_is_there_once_it_is_made(client, feed):
    assert client.get("/feeds/google-uk.xml").status_code == 404

    feeds.make(feed=feed, now=timezone.now())

    response = client.get("/feeds/google-uk.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert b"/p/mug/" in body(response)


def test_travels_packed_to_those_who_can_unpack_it(client, feed):
    feeds.make(feed=feed, now=timezone.now())

    response = client.get("/feeds/google-uk.xml", headers={"accept-encoding": "gzip, br"})

    assert response["Content-Encoding"] == "gzip"
    assert b"/p/mug/" in gzip.decompress(body(response))


def test_is_not_sent_again_to_those_who_have_it(client, feed):
    feeds.make(feed=feed, now=timezone.now())
    first = client.get("/feeds/google-uk.xml")
    assert body(first)

    by_tag = client.get("/feeds/google-uk.xml", headers={"if-none-match": first["ETag"]})
    by_date = client.get(
        "/feeds/google-uk.xml", headers={"if-modified-since": first["Last-Modified"]}
    )

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304


def test_the_one_before_stays_until_the_new_one_is_whole(client, feed):
    feeds.make(feed=feed, now=timezone.now())
    before = client.get("/feeds/google-uk.xml")
    FeedRun.objects.create(feed=feed, started_at=timezone.now())

    after = client.get("/feeds/google-uk.xml")

    assert after["ETag"] == before["ETag"]
    assert body(after) == body(before)


@pytest.mark.parametrize(
    "path", ["google-uk.csv", "nothing.xml", "google-uk.xml.gz", "../x.xml", "google-uk%00.xml"]
)
def test_what_is_not_published_is_not_found(client, feed, path):
    feeds.make(feed=feed, now=timezone.now())

    assert client.get(f"/feeds/{path}").status_code in (400, 404)


def test_a_feed_that_is_switched_off_is_gone(client, feed):
    feeds.make(feed=feed, now=timezone.now())
    Feed.objects.update(is_active=False)

    assert client.get("/feeds/google-uk.xml").status_code == 404


def test_the_file_itself_is_private(client, feed):
    run = feeds.make(feed=feed, now=timezone.now())

    assert run.file.name.startswith("private/")
    assert client.get(f"/media/{run.file.name}").status_code == 404
    assert client.post("/feeds/google-uk.xml").status_code == 405
