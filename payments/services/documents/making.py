"""Making: the PDF of a document, stored once beside its digest and never again."""

import datetime as dt
import hashlib
import logging

from django.core.files.base import ContentFile
from django.db import transaction

from orders.models import Order
from payments.models import Document
from payments.services.documents import printing
from shop.lib.locks import locked
from shop.outbox import delivery as outbox
from shop.outbox.models import Mail, post

logger = logging.getLogger(__name__)


class Altered(Exception):
    """Raised when a stored PDF is not the one that was made, or can't be read."""


def make(*, document_id: int, now: dt.datetime) -> Document:
    """Print a document and keep it, unless it is kept already. Raises NotPrinted.

    Nothing is locked while it is printed; of two workers one keeps it, the other finds it.
    """
    document = Document.objects.get(pk=document_id)
    return document if document.pdf else _keep(document_id, printing.pdf(document.content), now)


@transaction.atomic
def _keep(document_id: int, pdf: bytes, now: dt.datetime) -> Document:
    document = locked(Document.objects.filter(pk=document_id))[0]
    if document.pdf:
        return document
    field, storage = document.pdf.field, document.pdf.storage
    name = f"{document.label}.pdf"
    # Left behind by a worker that died before its commit.
    storage.delete(field.generate_filename(document, name))
    document.pdf.save(name, ContentFile(pdf), save=False)
    document.digest, document.made_at = hashlib.sha256(pdf).hexdigest(), now
    document.save(update_fields=["pdf", "digest", "made_at"])
    return document


def ask_for(document: Document, *, now: dt.datetime) -> None:
    """Owe the page of a document that somebody wants to see; nobody is mailed for that."""
    post(
        topic="documents.make",
        key=f"document-{document.pk}-make",
        payload={"document_id": document.pk, "is_mailed": False},
        now=now,
    )
    outbox.ring()


def untold(order: Order, *, now: dt.datetime) -> list[Document]:
    """Documents of an order that no mail has told of, made and locked. Once the mail is kept they
    are told of. What can't be made now is left out: it is mailed when it is."""
    rows = locked(order.documents.all())
    return [row for row in rows if not is_told(row) and _is_made(row, now)]


def is_told(document: Document) -> bool:
    mails = Mail.objects.filter(reference=document.order.number)
    return mails.filter(text__contains=document.label).exists()


def _is_made(document: Document, now: dt.datetime) -> bool:
    try:
        make(document_id=document.pk, now=now)
        document.refresh_from_db(fields=["pdf", "digest", "made_at"])
        pdf_of(document)
    except (printing.NotPrinted, Altered, OSError):
        logger.exception("document not made", extra={"document": document.label})
        return False
    return True


def pdf_of(document: Document) -> bytes:
    """The stored PDF. Raises Altered when it is not what was made."""
    try:
        with document.pdf.open("rb") as file:
            pdf: bytes = file.read()
    except OSError as error:
        raise Altered(document.label) from error
    if hashlib.sha256(pdf).hexdigest() != document.digest:
        raise Altered(document.label)
    return pdf
