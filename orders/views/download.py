"""A file that was bought: a page that tells what is left, and the button that fetches it."""

from pathlib import PurePosixPath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.queries.page import Seo, page_context
from orders.models import Download
from orders.services import downloads
from orders.services.downloads import NotYours, UsedUp, left_text
from shop.lib.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Looking costs nothing: mail scanners and prefetching browsers do it. Only POST counts."""
    found = get_object_or_404(
        Download.objects.select_related("file", "line__order__market"), token=token[:40]
    )
    now = timezone.now()
    try:
        if request.method == "POST":
            return _fetch(found)
        downloads.check(download=found, now=now)
    except NotYours as refusal:
        return _page(request, found, refusal, status=403)
    except UsedUp as refusal:
        return _page(request, found, refusal, status=410)
    return _page(request, found)


def _fetch(found: Download) -> FileResponse:
    try:
        content = found.file.file.open("rb")
    except OSError as error:
        raise Http404 from error
    try:
        downloads.count(download=found, now=timezone.now())
    except Refused:
        content.close()
        raise
    response = FileResponse(content, as_attachment=True, filename=_name(found))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _name(found: Download) -> str:
    """The file's own title, with the ending it was put in with."""
    return get_valid_filename(
        f"{found.file.name}{PurePosixPath(found.file.file.name or '').suffix}"
    )


def _page(
    request: HttpRequest, found: Download, refusal: Refused | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        **page_context(request, seo=Seo(title=_("Download"), noindex=True)),
        "name": found.file.name,
        "note": left_text(found.allowed - found.used, found.expires_at),
        "problem": refusal.message if refusal else "",
        "order_url": found.line.order.get_absolute_url(),
        "number": found.line.order.number,
    }
    return render(request, "orders/download.html", context, status=status)
