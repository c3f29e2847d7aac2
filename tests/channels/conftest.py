import gzip

import pytest
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from catalog.queries import markets
from channels.models import Feed
from channels.services import feeds
from tests.demo.seeded import NOW, seed
from tests.factories import MarketFactory


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Files of a test end with it; addresses are those of a shop that is out."""
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = "https://shop.example"


@pytest.fixture
def made(db):
    """Make a feed of this kind and return (run, text)."""

    def make(kind=Feed.Kind.GOOGLE, market=None, now=None):
        name = f"feed-{kind}"
        feed, _new = Feed.objects.get_or_create(
            name=name, defaults={"kind": kind, "market": market or MarketFactory()}
        )
        run = feeds.make(feed=feed, now=now or timezone.now())
        with run.file.open("rb") as file:
            return run, gzip.decompress(file.read()).decode()

    return make


@pytest.fixture(scope="module")
def demo_goods(django_db_setup, django_db_blocker):
    """The demo catalogue, in one transaction around the tests of a module."""
    around = transaction.atomic()
    # As Django's own test cases do: what insists on being outermost may be inside this one.
    around._from_testcase = True
    with django_db_blocker.unblock(), around:
        seed(orders=0)
        yield NOW
        transaction.set_rollback(True)
    cache.clear()
    markets.forget()
