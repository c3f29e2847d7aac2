"""The page: what a document says, in words and figures as they are printed, and the PDF of it."""

import json
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.utils import translation

from payments.services.documents import wording, xmp
from shop.lib.paper import drawn

FOLDER = Path(settings.BASE_DIR) / "templates" / "documents"
TEMPLATE = FOLDER / "document.typ"
STANDARD: Final = "a-3b"
ATTACHMENT = "factur-x.xml"
Content = dict[str, Any]

# What a content that is not as it should be makes code raise.
MISSHAPEN = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class NotPrinted(Exception):
    """Raised when no page could be made of a document."""


def pdf(content: Content) -> bytes:
    """The document as PDF/A-3b with its e-invoice inside. The same content gives the same bytes."""
    made: bytes = _compiled(content, "pdf")
    try:
        return xmp.named(made, ATTACHMENT)
    except xmp.UnknownMetadata as error:
        raise NotPrinted(content["label"]) from error


def png(content: Content) -> list[bytes]:
    """The pages as pictures, to look at."""
    found = _compiled(content, "png")
    return found if isinstance(found, list) else [found]


def _compiled(content: Content, kind: Literal["pdf", "png"]) -> Any:
    # Imported here: a compiler of 80 MB that only workers need.
    import typst  # noqa: PLC0415

    try:
        return typst.compile(
            str(TEMPLATE),
            root=str(FOLDER),
            format=kind,
            ppi=110,
            ignore_system_fonts=True,
            sys_inputs=_inputs(content),
            pdf_standards=STANDARD if kind == "pdf" else None,
        )
    except (typst.TypstError, *MISSHAPEN) as error:
        raise NotPrinted(content["label"]) from error


def _inputs(content: Content) -> dict[str, str]:
    """What the template reads: data, never code."""
    with translation.override(content["language"]):
        page = drawn(wording.page(content))
    return {
        "data": json.dumps(page | {"attachment": ATTACHMENT}),
        "xml": xml(content).decode(),
    }


def xml(content: Content) -> bytes:
    """The document for machines, as it is inside the PDF."""
    # Imported here: half a second that the web does without.
    from payments.services.documents import einvoice  # noqa: PLC0415

    return einvoice.xml(content)
