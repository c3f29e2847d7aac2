"""Many documents as one ZIP, in pieces as they are read."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from payments.models import Document
from payments.services.documents.making import Altered, pdf_of


class Sink(io.RawIOBase):
    """Takes what a ZIP writes and hands it on."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.pieces.append(piece)
        return len(piece)

    def taken(self) -> bytes:
        found, self.pieces = b"".join(self.pieces), []
        return found


def zipped(rows: Iterable[Document], *, mark: str = "") -> Iterator[bytes]:
    """The PDFs by their numbers. What is not made, or not as it was made, is named in a list.

    mark: who takes it, as the file's comment.
    """
    sink = Sink()
    left_out = []
    with zipfile.ZipFile(sink, "w") as bundle:
        bundle.comment = mark.encode()
        for row in rows:
            pdf = _pdf(row)
            if pdf:
                bundle.writestr(_entry(row), pdf)
                yield sink.taken()
            else:
                left_out.append(row.label)
        if left_out:
            bundle.writestr("missing.txt", "\n".join([_("No PDF to be had of:"), *left_out]))
    yield sink.taken()


def _pdf(row: Document) -> bytes:
    try:
        return pdf_of(row) if row.pdf else b""
    except Altered:
        return b""


def _entry(row: Document) -> zipfile.ZipInfo:
    day = row.issued_on
    return zipfile.ZipInfo(f"{row.label}.pdf", (day.year, day.month, day.day, 0, 0, 0))
