"""Pages made of blocks: what they show, where, from when to when, and to whom before that."""

import datetime as dt
import io

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image as Pillow

from catalog.services.images import PictureRefused
from marketing.models import ContentBlock, LandingPage
from marketing.queries import pages, sections
from marketing.services import pictures
from tests.factories import ImageFactory, MarketFactory, PriceFactory
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def page(demo_market):
    return LandingPage.objects.create(title="Summer table", slug="summer", is_published=True)


@pytest.fixture
def home_page(demo_market):
    return LandingPage.objects.create(title="Home", slug="home", is_published=True)


def block(page, kind="text", **fields):
    return ContentBlock.objects.create(page=page, kind=kind, **fields)


def read(client, path="/explore/summer/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def painted(width=1600, height=900):
    buffer = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def test_shows_its_blocks_in_their_order(client, page):
    block(page, position=2, title="Second")
    block(page, position=1, title="First")
    block(page, position=3, title="Off", is_active=False)

    text = read(client)

    assert text.index("First") < text.index("Second")
    assert "Off</h2>" not in text
    assert text.count("<h1") == 1


@pytest.mark.parametrize("kind", ContentBlock.Kind.values)
def test_every_kind_of_block_has_its_section(client, page, kind):
    product_with({"Glaze": ["Ash", "Moss"]}, tiles=["Glaze"])
    shelve()
    block(page, kind, title="Here", text="<p>Words</p>", source="newest")

    text = read(client)

    assert "Here" in text
    assert text.count("<h1") == 1


def test_what_staff_type_can_do_nothing(client, page):
    block(
        page,
        title="<script>alert(1)</script>",
        text='<p onclick="x()">Hi</p><script>alert(2)</script><a href="javascript:x()">a</a>',
        link_url="javascript:alert(3)",
        link_text="Press",
    )

    text = read(client)

    assert "alert(2)" not in text
    assert "<script>alert" not in text
    assert "javascript:" not in text
    assert "onclick" not in text
    assert "Press" not in text


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/c/mugs/", "/c/mugs/"),
        ("https://other.example/a?b=c", "https://other.example/a?b=c"),
        ("//other.example/", ""), ("c/mugs/", ""), ("data:text/html,x", ""), ("", ""),
        ("JaVaScRiPt:alert(1)", ""), ("https:other", ""),
    ],
)  # fmt: skip
def test_links_lead_into_the_shop_or_to_a_web_address(link, shown):
    assert sections.address(link) == shown


def test_links_stay_in_the_market(client, page):
    MarketFactory(eu=True)
    block(page, title="Mugs", link_url="/c/mugs/", link_text="See mugs")

    assert 'href="/eu/c/mugs/"' in read(client, "/eu/explore/summer/")


def test_a_block_may_be_for_one_market_only(client, page, demo_market):
    eu = MarketFactory(eu=True)
    block(page, title="Everywhere")
    block(page, title="Over there", market=eu)

    assert "Over there" not in read(client)
    assert "Over there" in read(client, "/eu/explore/summer/")


def test_a_page_without_anything_to_show_in_a_market_is_not_there(client, page, demo_market):
    MarketFactory(eu=True)
    block(page, title="Here", market=demo_market)

    text = read(client)

    assert "hreflang" not in text
    assert client.get("/eu/explore/summer/").status_code == 404


@pytest.mark.parametrize("path", ["/explore/nothing/", "/explore/home/x/", "/explore/draft/"])
def test_what_is_not_published_is_not_there(client, page, path):
    draft = LandingPage.objects.create(title="Draft", slug="draft")
    block(draft, title="Soon")

    assert client.get(path).status_code == 404


def test_blocks_come_and_go_by_their_schedule(client, page):
    block(page, title="Always")
    block(page, title="Sale", starts_at=NOW, ends_at=NOW + dt.timedelta(hours=1))

    with time_machine.travel(NOW - dt.timedelta(minutes=1), tick=False):
        before = read(client)
    with time_machine.travel(NOW, tick=False):
        during = pages.published("summer", page_market(), now=NOW)
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        after = pages.published("summer", page_market(), now=NOW + dt.timedelta(hours=1))

    assert "Sale" not in before
    assert [one.title for one in during.blocks] == ["Always", "Sale"]
    assert [one.title for one in after.blocks] == ["Always"]


def page_market():
    return MarketFactory()


@pytest.mark.parametrize(
    ("starts", "ends", "seconds"),
    [(600, None, 600), (-600, 90, 90), (7200, None, 3600), (None, None, 3600), (-60, -30, 3600)],
)
def test_a_kept_page_does_not_outlive_the_next_moment(page, starts, ends, seconds):
    def at(delta):
        return None if delta is None else NOW + dt.timedelta(seconds=delta)

    block(page, title="Always")
    block(page, title="Sale", starts_at=at(starts), ends_at=at(ends))

    assert pages.published("summer", page_market(), now=NOW).seconds_left(NOW) == seconds


@pytest.mark.parametrize("path", ["/", "/explore/summer/"])
def test_the_answer_itself_says_how_long_it_may_be_kept(client, page, home_page, path):
    soon = timezone.now() + dt.timedelta(seconds=120)
    for one in (page, home_page):
        block(one, title="Always")
        block(one, title="Soon", starts_at=soon)

    response = client.get(path)

    assert 100 <= response.keep_seconds <= 120


def test_the_shop_front_shows_its_blocks(client, home_page):
    block(home_page, "hero", title="Autumn is here", text="Come in.", link_url="/search/",
          link_text="Look")  # fmt: skip

    text = read(client, "/")

    assert '<h1 class="hero__title">Autumn is here</h1>' in text
    assert "What you can count on" not in text


@pytest.mark.parametrize("is_published", [True, False])
def test_a_shop_front_without_blocks_shows_the_shops_own(client, demo_market, is_published):
    LandingPage.objects.create(title="Home", slug="home", is_published=is_published)
    product_with(slug="mug", title="Moon mug")
    shelve()

    text = read(client, "/")

    for words in ("Thrown, woven, steeped.", "Shop by kind", "New from the kiln", "Moon mug",
                  "Best sellers", "What you can count on", "hero.webp"):  # fmt: skip
        assert words in text


def test_a_row_shows_what_it_is_told_to(client, page):
    mug = product_with(slug="mug", title="Moon mug")
    PriceFactory(variant=mug.variants.get())
    product_with(slug="bowl", title="Tide bowl", category=None)
    shelve()
    block(page, "products", title="Mugs", source="category", source_ref="mugs")
    block(page, "products", title="Nothing", source="collection", source_ref="none")

    text = read(client)

    assert "Moon mug" in text
    assert "Tide bowl" not in text
    assert 'href="/c/mugs/"' in text
    assert "Nothing" not in text


@pytest.mark.parametrize("path", ["/", "/explore/summer/"])
def test_however_many_blocks_it_takes_at_most_twelve_queries(client, page, home_page, path):
    MarketFactory(eu=True)
    for number in range(6):
        product = product_with({"Glaze": ["Ash"]}, slug=f"mug-{number}", tiles=["Glaze"])
        ImageFactory(product=product)
    shelve()
    for one in (page, home_page):
        for kind in ContentBlock.Kind.values:
            block(one, kind, title=kind, text="x", source="newest")
        for source, ref in (("category", "mugs"), ("collection", "gifts"), ("sale", ""),
                            ("best_sellers", ""), ("category", "none")):  # fmt: skip
            block(one, "products", title=source, source=source, source_ref=ref)
    client.get("/robots.txt")

    with CaptureQueriesContext(connection) as captured:
        read(client, path)

    assert len(captured) <= 12


class TestPreview:
    @pytest.fixture
    def draft(self, demo_market):
        draft = LandingPage.objects.create(title="Winter", slug="winter")
        block(draft, title="Snow", starts_at=NOW + dt.timedelta(days=4000))
        return draft

    def test_staff_see_a_page_by_a_signed_link_before_anybody_else(self, client, draft):
        response = client.get(pages.preview_address(draft))

        assert "Snow" in response.content.decode()
        assert response["Cache-Control"] == "no-store, private"
        assert b'<meta name="robots" content="noindex">' in response.content
        assert client.get("/explore/winter/").status_code == 404

    def test_the_shop_front_can_be_seen_before_as_well(self, client, demo_market):
        draft = LandingPage.objects.create(title="Home", slug="home")
        block(draft, "hero", title="Spring")

        assert "Spring" in client.get(pages.preview_address(draft)).content.decode()
        assert "Spring" not in read(client, "/")

    def test_a_link_holds_for_one_page_only_and_for_a_week(self, client, draft, page):
        block(page, title="Sun")
        other = signing.dumps("summer", salt=pages.SALT)
        with time_machine.travel(timezone.now() - dt.timedelta(days=8), tick=False):
            old = pages.preview_address(draft)

        for address in (f"/explore/winter/?preview={other}", old, "/explore/winter/?preview=",
                        "/explore/winter/?preview=x:y:z", "/?preview=%ff"):  # fmt: skip
            assert client.get(address).status_code == 404


class TestPictures:
    @pytest.fixture(autouse=True)
    def folder(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    def test_a_picture_is_shown_in_several_widths_with_its_size(self, client, page):
        one = ContentBlock(page=page, kind="picture_text", title="Table", image_alt="A table")
        pictures.store(block=one, data=painted())

        text = read(client)

        assert 'width="1600" height="900"' in text
        assert 'alt="A table"' in text
        assert 'loading="lazy"' in text
        for width in (480, 800, 1200, 1600):
            assert f"{width}w" in text
        picture = client.get(f"/media/{one.image.name}")
        assert b"".join(picture.streaming_content).startswith(b"RIFF")

    def test_what_is_no_picture_is_refused(self, page):
        with pytest.raises(PictureRefused):
            pictures.store(block=ContentBlock(page=page, kind="hero"), data=b"<svg/>")

    def test_a_picture_whose_file_is_gone_leaves_the_rest(self, client, page):
        block(page, "picture_text", title="Table", text="Words", image="blocks/gone.webp")

        assert "Words" in read(client)
