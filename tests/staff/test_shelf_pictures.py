"""Pictures of shelves are looked at as closely as those of products."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from catalog.models import Category, Collection
from tests.catalog.paint import painted

pytestmark = pytest.mark.django_db
PLACES = {
    Category: ("/admin/catalog/category/add/", {"name": "Bowls", "slug": "bowls"}),
    Collection: (
        "/admin/catalog/collection/add/",
        {"title": "Bowls", "slug": "bowls", "kind": "manual",
         "entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0"},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def keep(owner, model, content, name="../shell.php.jpg"):
    address, fields = PLACES[model]
    file = SimpleUploadedFile(name, content, "image/jpeg")
    return owner.post(address, {**fields, "image": file})


@pytest.mark.parametrize("model", PLACES)
def test_it_is_written_anew_under_a_name_of_ours(owner, model):
    keep(owner, model, painted(30, 40, form="JPEG") + b"<?php system('id'); ?>")

    image = model.objects.get().image
    with image.open() as file:
        content = file.read()
    assert image.name.endswith(".webp")
    assert "shell" not in image.name
    assert b"<?php" not in content
    assert Pillow.open(io.BytesIO(content)).format == "WEBP"


def test_what_is_no_picture_is_refused_in_words(owner):
    answer = keep(owner, Category, b"<svg onload='alert(1)'/>", "a.svg")

    assert answer.status_code == 200
    assert "picture" in answer.content.decode() or "image" in answer.content.decode()
    assert not Category.objects.exists()
