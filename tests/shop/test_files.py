"""Files asked for by fixed names, and the pictures of the catalogue."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import ImageFactory, MarketFactory


@pytest.fixture
def kept_file():
    names = []

    def keep(name, content=b"<svg/>"):
        names.append(default_storage.save(name, ContentFile(content)))
        return names[-1]

    yield keep
    for name in names:
        default_storage.delete(name)


@pytest.mark.django_db
def test_a_picture_is_kept_for_ever_and_can_do_nothing(client):
    response = client.get(ImageFactory().file.url)

    assert response.status_code == 200
    assert response["Content-Type"] in ("image/jpeg", "image/webp")
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert not response.cookies
    response.close()


@pytest.mark.django_db
def test_a_proxy_keeps_pictures_as_long_as_we_do(client):
    response = client.get(ImageFactory().file.url)
    pictures = (settings.BASE_DIR / "docs/deploy/Caddyfile").read_text().partition("(pictures)")[2]

    assert f'header Cache-Control "{response["Cache-Control"]}"' in pictures.partition("\n}")[0]
    response.close()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "products/none.webp", "products/", "products/../../../etc/passwd", "products/%2e%2e/x.webp",
        "/etc/passwd", "products/a.webp/b.webp", "products/" + "x" * 5000 + ".webp",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_not_found(client, demo_market, path):
    assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["products/x.svg", "products/x.html", "invoices/x.webp"])
def test_nothing_but_the_catalogues_pictures_leaves_the_folder(
    client, demo_market, kept_file, name
):
    assert client.get(f"/media/{kept_file(name)}").status_code == 404


@pytest.mark.django_db
def test_robots_stay_out_of_baskets_and_searches_of_every_market(client, demo_market):
    MarketFactory(eu=True)

    text = client.get("/robots.txt").content.decode()

    for path in ("/cart/", "/checkout/", "/orders/", "/account/", "/search/", "/eu/cart/"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


def test_the_icon_of_old_browsers_leads_to_ours(client):
    assert client.get("/favicon.ico").url == "/static/img/icon.svg"
