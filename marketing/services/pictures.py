"""Pictures of blocks: written anew like every picture from outside, with narrower copies beside."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.services import images
from marketing.models import ContentBlock
from marketing.queries.pictures import WIDTHS, copy_name


def store(*, block: ContentBlock, data: bytes) -> None:
    """Take bytes from outside as the block's picture, and save the block.

    Raises catalog.services.images.PictureRefused.
    """
    whole = images.normalise(data)
    name = f"{secrets.token_hex(16)}.webp"
    block.image.save(name, ContentFile(whole, name), save=False)
    for width, copy in images.narrower(whole, WIDTHS).items():
        default_storage.save(copy_name(str(block.image.name), width), ContentFile(copy))
    block.save()
