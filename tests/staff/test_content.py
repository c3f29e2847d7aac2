"""Pages that staff build from blocks."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from catalog.models import Collection
from marketing.models import ContentBlock, LandingPage
from tests.staff.test_products import picture

pytestmark = pytest.mark.django_db

LIST = "/admin/marketing/landingpage/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def block(number=0, **values):
    told = {"kind": "text", "position": number, "is_active": "on", "text": "<p>Hello</p>"} | values
    return {f"blocks-{number}-{name}": value for name, value in told.items()}


def make(client, *blocks, **values):
    data = {"title": "Spring", "slug": "spring", "is_published": "on"} | values
    data |= {"blocks-TOTAL_FORMS": len(blocks), "blocks-INITIAL_FORMS": 0}
    for one in blocks:
        data |= one
    return client.post(f"{LIST}add/", data)


def test_a_page_is_made_of_blocks_in_their_order(sign_in, demo_market):
    answer = make(
        sign_in("marketing"),
        block(0, position=2),
        block(1, kind="hero", title="Spring glazes", position=1),
    )

    page = LandingPage.objects.get()
    assert answer.status_code == 302, answer.context["errors"]
    assert [one.kind for one in page.blocks.order_by("position")] == ["hero", "text"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": "hero", "title": ""}, "An opening picture needs a heading."),
        ({"kind": "text", "text": ""}, "A text block needs a text."),
        ({"kind": "text", "text": "<script>x</script>"}, "A text block needs a text."),
        ({"kind": "picture_text"}, "A picture beside text needs a picture."),
        ({"kind": "products"}, "Say which products the row shows."),
        ({"kind": "products", "source": "collection", "source_ref": "x"}, "There is no collection"),
        ({"kind": "products", "source": "category", "source_ref": ""}, "There is no category"),
        ({"kind": "notice", "text": ""}, "A notice needs a heading or a text."),
        ({"link_url": "javascript:alert(1)", "link_text": "Go"}, "for a page of this shop"),
        ({"link_url": "/c/mugs/"}, "Say what the link is called."),
        (
            {
                "starts_at_0": "2026-05-02",
                "starts_at_1": "09:00",
                "ends_at_0": "2026-05-01",
                "ends_at_1": "09:00",
            },
            "It would end before it begins.",
        ),
    ],
)
def test_each_kind_asks_for_what_it_shows(sign_in, demo_market, values, words):
    answer = make(sign_in("marketing"), block(**values))

    assert answer.status_code == 200
    assert words in answer.content.decode().replace("&#x27;", "'")
    assert not LandingPage.objects.exists()


def test_markup_is_cleaned_before_it_is_kept(sign_in, demo_market):
    text = '<p onclick="x()">Hi</p><script>alert(1)</script><a href="javascript:x">go</a>'

    make(sign_in("marketing"), block(text=text))

    kept = ContentBlock.objects.get().text
    assert "<p>Hi</p>" in kept
    for bad in ("script", "onclick"):
        assert bad not in kept


def test_a_picture_is_written_anew_and_what_is_none_is_refused(sign_in, demo_market):
    client, told = sign_in("marketing"), {"kind": "picture_text", "image_alt": "A kiln"}
    bad = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")
    refused = make(client, block(**told, upload=bad))
    assert refused.status_code == 200
    assert not ContentBlock.objects.exists()

    good = SimpleUploadedFile("kiln.png", picture(), "image/png")
    make(client, block(**told, upload=good))

    assert ContentBlock.objects.get().image.name.endswith(".webp")


def test_a_row_of_products_names_a_collection_that_is_there(sign_in, demo_market):
    Collection.objects.create(title="Gifts", slug="gifts")

    make(sign_in("marketing"), block(kind="products", source="collection", source_ref="gifts"))

    assert ContentBlock.objects.get().source_ref == "gifts"


def test_a_draft_and_what_is_to_come_are_seen_through_the_preview_alone(sign_in, demo_market):
    page = LandingPage.objects.create(title="Spring", slug="spring")
    soon = timezone.now() + dt.timedelta(days=1)
    ContentBlock.objects.create(page=page, kind="text", text="<p>Soon here</p>", starts_at=soon)
    client = sign_in("marketing")

    button = reverse("admin:marketing_landingpage_preview", args=[page.pk])
    shown = client.get(client.get(button).url)

    assert client.get("/explore/spring/").status_code == 404
    assert "Soon here" in shown.content.decode()


def test_the_front_page_keeps_its_address_and_stays(owner, demo_market):
    home = LandingPage.objects.create(title="Home", slug="home", is_published=True)

    page = owner.get(f"{LIST}{home.pk}/change/")

    assert "slug" not in page.context["adminform"].form.fields
    assert owner.post(f"{LIST}{home.pk}/delete/", {"post": "yes"}).status_code == 403


def test_pages_are_marketings_and_not_the_warehouses(sign_in, demo_market):
    assert sign_in("marketing").get(f"{LIST}add/").status_code == 200
    assert sign_in("warehouse").get(f"{LIST}add/").status_code == 403
    assert sign_in("catalogue").get(LIST).status_code == 403
