"""Media in a bucket: kept, found and handed out as on a disk."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.lib.bucket_server import bucket_server

pytest.importorskip("storages")


@pytest.fixture
def bucket(settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with bucket_server() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        where = {"bucket_name": "media", "endpoint_url": address, "region_name": "eu-west-2"}
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "shop.lib.bucket.Bucket", "OPTIONS": where},
        }
        yield server


def test_a_file_is_kept_read_and_taken_away(bucket):
    name = default_storage.save("products/bowl.webp", ContentFile(b"a bowl"))

    assert bucket.objects == {"/media/products/bowl.webp": b"a bowl"}
    with default_storage.open(name, "rb") as file:
        assert file.read() == b"a bowl"
    default_storage.delete(name)
    assert not default_storage.exists(name)


def test_a_name_that_is_taken_is_never_written_over(bucket):
    first = default_storage.save("products/bowl.webp", ContentFile(b"one"))
    second = default_storage.save("products/bowl.webp", ContentFile(b"two"))

    assert first != second
    assert bucket.objects[f"/media/{first}"] == b"one"


def test_the_address_on_pages_is_the_shops_or_its_cdns_and_is_not_signed(bucket, settings):
    assert default_storage.url("products/a bowl.webp") == "/media/products/a%20bowl.webp"

    settings.MEDIA_URL = "https://pictures.shop.example/media/"
    assert default_storage.url("products/b.webp") == (
        "https://pictures.shop.example/media/products/b.webp"
    )


@pytest.mark.django_db
def test_the_shop_hands_out_pictures_and_nothing_else_of_the_bucket(bucket, client):
    default_storage.save("products/bowl.webp", ContentFile(b"a bowl"))
    default_storage.save("downloads/pattern.webp", ContentFile(b"sold"))

    answer = client.get("/media/products/bowl.webp")

    assert b"".join(answer.streaming_content) == b"a bowl"
    assert "immutable" in answer["Cache-Control"]
    assert client.get("/media/downloads/pattern.webp").status_code == 404
    assert client.get("/media/products/none.webp").status_code == 404
