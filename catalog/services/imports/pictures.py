"""Rows into images: their addresses are kept, a worker fetches them later."""

from collections import defaultdict

from django.conf import settings
from django.core.files.storage import default_storage

from catalog.models import Image, OptionValue
from catalog.services.imports.batch import Batch, assign
from catalog.services.imports.rows import PictureRow, ProductRow
from shop.lib.pouring import pour


def address_of(image: Image) -> str:
    """Where a picture can be fetched: where it came from, else here."""
    if image.source_url or not image.file:
        return image.source_url
    url = default_storage.url(image.file.name).partition("?")[0]
    return url if "://" in url else f"{settings.SITE_URL}{url}"


def write(batch: Batch) -> None:
    """Create and update images; the new ones wait to be fetched."""
    rows = [row for row in batch.rows if row.pictures]
    ids = [batch.product_of(row).pk for row in rows]
    known: dict[int, dict[str, Image]] = defaultdict(dict)
    for image in Image.objects.filter(product__in=ids).order_by("position", "pk"):
        known[image.product_id].setdefault(address_of(image), image)
    values = _values(rows, batch)
    new, changed, names = list[Image](), list[Image](), set[str]()
    for row in rows:
        here = known[batch.product_of(row).pk]
        for picture in row.pictures:
            if is_new := picture.url not in here:
                here[picture.url] = _new(row, picture, len(here) + 1, batch)
            image = here[picture.url]
            news = assign(image, _fields(row, picture, values, batch))
            if is_new:
                new.append(image)
            elif news:
                changed.append(image)
                names |= news
            else:
                continue
            batch.touched(row.ref)
        batch.image_count += len({picture.url for picture in row.pictures})
    batch.new_images = [image.pk for image in pour(new)]
    if names:
        Image.objects.bulk_update(changed, sorted(names))


def _values(rows: list[ProductRow], batch: Batch) -> dict[tuple[int, str], int]:
    """(product, folded name) to the option value pictures may show."""
    ids = {
        batch.product_of(row).pk for row in rows if any(picture.shows for picture in row.pictures)
    }
    found = (
        OptionValue.objects.filter(option__product__in=ids)
        .order_by("-option__position", "-pk")
        .values_list("option__product", "name", "pk")
    )
    return {(product, name.casefold()): pk for product, name, pk in found}


def _new(row: ProductRow, picture: PictureRow, position: int, batch: Batch) -> Image:
    return Image(
        product=batch.product_of(row),
        source_url=picture.url,
        position=position,
        status=Image.Status.WAITING,
    )


def _fields(
    row: ProductRow, picture: PictureRow, values: dict[tuple[int, str], int], batch: Batch
) -> dict[str, object]:
    """What the row says; its silence changes nothing staff have written."""
    fields: dict[str, object] = {}
    if picture.position is not None:
        fields["position"] = picture.position
    if picture.alt:
        fields["alt"] = picture.alt
    shown = values.get((batch.product_of(row).pk, picture.shows.casefold()))
    if picture.shows and shown is not None:
        fields["value_id"] = shown
    return fields
