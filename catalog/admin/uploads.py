"""Many pictures in one go: each is looked at by itself, and a bad one stops no other."""

import datetime as dt
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from catalog.models import Image, Product
from catalog.services import images
from catalog.services.images import PictureRefused
from shop.outbox import delivery
from shop.outbox.models import post

KINDS = "image/png,image/jpeg,image/webp,image/avif,image/gif"
MOST = 20


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 — Django's
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class PicturesField(forms.FileField):
    """Cleans to a list of uploads; what is in them is looked at when they are kept."""

    def __init__(self, **kwargs: Any) -> None:
        text = lazy("Several at once, at most {count}. PNG, JPEG, WebP, AVIF or GIF to 10 MB.")
        super().__init__(
            required=False,
            widget=ManyFiles(attrs={"accept": KINDS, "class": "many-files"}),
            help_text=format_lazy(text, count=MOST),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002 — Django's signature
        files = data if isinstance(data, list | tuple) else filter(None, [data])
        return list(files)

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002 — Django's signature
        return bool(data)


def written_anew(upload: Any, *, name: str) -> Any:
    """A picture that has just come, from its pixels alone; what is no upload stays as it is.

    Raises ValidationError.
    """
    if not isinstance(upload, UploadedFile):
        return upload
    upload.seek(0)
    try:
        content = images.normalise(upload.read(images.MAX_BYTES + 1))
    except PictureRefused as refusal:
        raise forms.ValidationError(refusal.message) from refusal
    return ContentFile(content, f"{name}.webp")


def keep_all(
    *, product: Product, files: "list[UploadedFile[bytes]]", now: dt.datetime
) -> tuple[list[Image], list[str]]:
    """Keep what can be kept, after the pictures that are there: (pictures, refusals in words)."""
    last = Image.objects.filter(product=product).aggregate(last=Max("position"))["last"]
    place = -1 if last is None else last
    kept: list[Image] = []
    refused: list[str] = []
    for file in files[:MOST]:
        try:
            content = images.normalise(file.read(images.MAX_BYTES + 1))
        except PictureRefused as refusal:
            refused.append(f"{file.name}: {refusal.message}")
            continue
        place += 1
        image = Image(product=product, position=place)
        images.place(image=image, content=content)
        owe_copies(image, now)
        kept.append(image)
    refused += [_("%(name)s: too many at once.") % {"name": file.name} for file in files[MOST:]]
    return kept, refused


def owe_copies(image: Image, now: dt.datetime) -> None:
    """Owe the smaller copies of a picture that has just come."""
    key = f"image-{image.pk}-render-{PurePosixPath(image.file.name or '').stem}"
    post(topic="images.render", key=key, payload={"image_id": image.pk}, now=now)
    delivery.ring()


def kept_words(count: int) -> str:
    words = ngettext("%(count)s picture added.", "%(count)s pictures added.", count)
    return words % {"count": count}
