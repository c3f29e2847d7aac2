"""Labels that were bought, many in one file: a page each for a label printer, or four on A4."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _

from shipping.models import Label
from shop.lib.errors import Refused
from shop.lib.paper import printed

TEMPLATE = "labels.typ"
# What carriers hand over, by the first bytes of a file.
KINDS: Final = {b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


class NoLabels(Refused):
    """Raised when there is nothing to print of what was chosen."""


def labels(rows: Iterable[Label], *, on_a4: bool = False) -> bytes:
    """The files of bought labels as one PDF, in their order. Raises NoLabels, NotPrinted."""
    files = {}
    for row in rows:
        content = content_of(row)
        kind = kind_of(content)
        if kind:
            files[f"{row.pk}.{kind}"] = content
    if not files:
        raise NoLabels(_("None of these labels has a file that can be printed."))
    page = {"names": list(files), "on_a4": on_a4}
    return printed(TEMPLATE, page, files=files, is_tagged=False)


def content_of(label: Label) -> bytes:
    """The file of a label; empty when there is none (any more)."""
    if not label.file:
        return b""
    try:
        with label.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        return b""
    return content


def kind_of(content: bytes) -> str:
    """The ending of what can be put on a page, else empty."""
    return next((kind for sign, kind in KINDS.items() if content.startswith(sign)), "")
