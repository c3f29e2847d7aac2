"""Files that staff keep with an order: taken by what they are, not by what they are called."""

import datetime as dt
import secrets
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.services import images
from orders.models import OrderFile
from orders.services import orders
from orders.services.orders import Move
from shop.lib import uploads
from shop.lib.errors import Refused

MOST_BYTES = 10_000_000
MOST_FILES = 20
MOST_TEXT = 1_000_000
PDF, WEBP, TEXT = "application/pdf", "image/webp", "text/plain"
ENDINGS = {PDF: "pdf", WEBP: "webp", TEXT: "txt"}
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
NAME_LENGTH = 100
# Letters that plain text has beside those that can be seen.
WHITE = "\n\r\t\f\ufeff"


class FileRefused(Refused):
    """Raised when a file is not kept: too big, one too many, or nothing we take."""


@transaction.atomic
def add(
    *, order_id: int, name: str, data: bytes, actor: User | None, now: dt.datetime
) -> OrderFile:
    """Keep a file with an order. Raises FileRefused."""
    order = orders.lock(order_id=order_id)
    if OrderFile.objects.filter(order=order).count() >= MOST_FILES:
        raise FileRefused(_("At most %(count)s files.") % {"count": MOST_FILES})
    content, kind = _checked(data)
    ending = ENDINGS[kind]
    stem = uploads.shown_name(name, most=NAME_LENGTH) or "file"
    kept = OrderFile(
        order=order,
        name=f"{stem}.{ending}",
        content_type=kind,
        size=len(content),
        added_by=actor,
        added_at=now,
    )
    stored = f"{secrets.token_hex(16)}.{ending}"
    with uploads.put(kept.file, name=stored, content=content):
        kept.save()
        orders.event(order, axis="file", to_state="added", move=Move(now, actor, kept.name))
    return kept


@transaction.atomic
def remove(*, file_id: int, order_id: int, actor: User | None, now: dt.datetime) -> None:
    """Take a file away again; the log keeps that it was there."""
    order = orders.lock(order_id=order_id)
    for kept in OrderFile.objects.filter(pk=file_id, order=order):
        stored, name = kept.file, kept.name
        kept.delete()
        orders.event(order, axis="file", to_state="removed", move=Move(now, actor, name))
        transaction.on_commit(partial(stored.delete, save=False), robust=True)


def _checked(data: bytes) -> tuple[bytes, str]:
    """The bytes to keep, and what they are. Pictures are written anew. Raises FileRefused."""
    if not 0 < len(data) <= MOST_BYTES:
        raise FileRefused(_("A file of at most 10 MB."))
    if data.startswith(PDF_BEGINS):
        if PDF_ENDS not in data[-1024:]:
            raise FileRefused(_("The PDF is damaged."))
        return data, PDF
    if _is_text(data):
        return data, TEXT
    try:
        return images.normalise(data), WEBP
    except images.PictureRefused as refusal:
        words = _("Neither a PDF, nor plain text, nor a picture that we can read.")
        raise FileRefused(words) from refusal


def _is_text(data: bytes) -> bool:
    if len(data) > MOST_TEXT:
        return False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in WHITE for letter in text)
