"""Files that support our side of a dispute: taken by what they are, not by what they are called."""

import datetime as dt
import io
import secrets
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from accounts.models import User
from catalog.services import images
from payments.models import Dispute, EvidenceFile
from shop.lib import uploads
from shop.lib.errors import Refused
from shop.lib.locks import locked

MOST_BYTES = 4_500_000
MOST_FILES = 5
PDF = "application/pdf"
JPEG = "image/jpeg"
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
NAME_LENGTH = 100


class FileRefused(Refused):
    """Raised when a file can't be evidence: too big, too many, or nothing we take."""


class CaseClosed(Refused):
    """Raised when nothing can be added to a case any more."""


@transaction.atomic
def add(
    *, dispute_id: int, name: str, data: bytes, actor: User | None, now: dt.datetime
) -> EvidenceFile:
    """Keep a file with a case. Raises FileRefused, CaseClosed."""
    dispute = locked(Dispute.objects.filter(pk=dispute_id))[0]
    if dispute.submitted_at is not None or not dispute.is_open:
        raise CaseClosed(_("This case is answered."))
    if EvidenceFile.objects.filter(dispute=dispute).count() >= MOST_FILES:
        raise FileRefused(_("At most %(count)s files.") % {"count": MOST_FILES})
    content, kind = _checked(data)
    ending = "pdf" if kind == PDF else "jpg"
    stem = uploads.shown_name(name, most=NAME_LENGTH) or "evidence"
    kept = EvidenceFile(
        dispute=dispute,
        name=f"{stem}.{ending}",
        content_type=kind,
        size=len(content),
        added_by=actor,
        added_at=now,
    )
    stored = f"{secrets.token_hex(16)}.{ending}"
    with uploads.put(kept.file, name=stored, content=content):
        kept.save()
    return kept


def _checked(data: bytes) -> tuple[bytes, str]:
    """The bytes to keep, and what they are. Pictures are written anew. Raises FileRefused."""
    if not 0 < len(data) <= MOST_BYTES:
        raise FileRefused(_("A file of at most 4.5 MB."))
    if data.startswith(PDF_BEGINS):
        if PDF_ENDS not in data[-1024:]:
            raise FileRefused(_("The PDF is damaged."))
        return data, PDF
    try:
        return _as_jpeg(images.normalise(data)), JPEG
    except images.PictureRefused as refusal:
        raise FileRefused(_("Neither a PDF nor a picture that we can read.")) from refusal


def _as_jpeg(data: bytes) -> bytes:
    """Banks take JPEG; what shines through becomes white."""
    with Pillow.open(io.BytesIO(data)) as stored:
        picture = stored.convert("RGBA")
        paper = Pillow.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
    buffer = io.BytesIO()
    paper.save(buffer, format="JPEG", quality=85)
    return buffer.getvalue()


@transaction.atomic
def remove(*, file_id: int, dispute_id: int) -> None:
    """Take a file away again, while the case is not answered. Raises CaseClosed."""
    dispute = locked(Dispute.objects.filter(pk=dispute_id))[0]
    if dispute.submitted_at is not None or not dispute.is_open:
        raise CaseClosed(_("This case is answered."))
    for kept in EvidenceFile.objects.filter(pk=file_id, dispute=dispute):
        stored = kept.file
        kept.delete()
        transaction.on_commit(partial(stored.delete, save=False), robust=True)
