"""The buyer's invoices and credit notes."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.queries.page import Seo, page_context
from orders.models import Order
from payments.models import Document
from payments.services import documents

logger = logging.getLogger(__name__)
ASK_AGAIN_AFTER = "4"


@require_safe
def document(request: HttpRequest, number: str, label: str) -> HttpResponse:
    """The PDF, for whoever holds the order's key; a page that waits while it is being made."""
    order = get_object_or_404(Order, number=number)
    if not order.opens_with(request.GET.get("t", "")):
        raise Http404
    found = get_object_or_404(Document.objects.defer("content"), order=order, label=label)
    if not found.pdf:
        documents.ask_for(found, now=timezone.now())
        return _waiting(request, order, found)
    return file_response(found)


def file_response(found: Document) -> HttpResponse:
    """The stored PDF as a file. 404 when it is not what was made: nothing false leaves the house."""
    try:
        pdf = documents.pdf_of(found)
    except documents.Altered as error:
        logger.exception("stored document differs from its digest")
        raise Http404 from error
    return as_file(pdf, name=f"{found.label}.pdf", mime="application/pdf")


def as_file(content: bytes, *, name: str, mime: str) -> HttpResponse:
    """A download. name: ASCII, as the labels of documents are."""
    return HttpResponse(
        content,
        content_type=mime,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _waiting(request: HttpRequest, order: Order, found: Document) -> HttpResponse:
    seo = Seo(title=_("Your document is being made"), noindex=True)
    context = {
        **page_context(request, seo=seo),
        "label": found.label,
        "order_url": order.get_absolute_url(),
    }
    response = render(request, "payments/document_waiting.html", context, status=202)
    response["Retry-After"] = ASK_AGAIN_AFTER
    return response
