"""Files of rows: the file is there when its row is, and gone when the row could not be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile


@contextmanager
def put(file: FieldFile, *, name: str, content: bytes) -> Iterator[None]:
    """Give a row its file while the row is saved within; it is taken away when that fails."""
    # Without a name of its own Django takes the content for none, and forgets its size.
    file.save(name, ContentFile(content, name), save=False)
    try:
        yield
    except Exception:
        file.delete(save=False)
        raise


def shown_name(name: str, *, most: int) -> str:
    """What an uploaded file was called, without a path, an ending or anything that is not shown."""
    stem = PurePath(name.replace("\\", "/")).stem
    plain = "".join(letter for letter in stem if letter.isprintable())
    return plain.strip()[:most]
