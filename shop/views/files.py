"""Files that browsers and robots ask for by fixed names, and the pictures people have put in."""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static

from catalog.models import Market
from catalog.queries.seo import absolute
from shop.lib.http import only_reads

PUBLIC_FOLDERS = ("products/", "categories/", "collections/", "blocks/")
PICTURES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
CLOSED = ("cart", "checkout", "orders", "account", "returns", "search")
DAY = 60 * 60 * 24
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


@only_reads
def media(_request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of the catalogue. Names are never used twice, so it may be kept for ever.

    A proxy or bucket that serves these folders, and no others, takes this over.
    """
    if not path.startswith(PUBLIC_FOLDERS) or ".." in path.split("/"):
        raise Http404
    kind = mimetypes.guess_type(path)[0] or ""
    if kind not in PICTURES:
        raise Http404
    try:
        file = default_storage.open(path, "rb")
    except (OSError, ValueError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # Mails show it too.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@only_reads
def favicon(_request: HttpRequest) -> HttpResponse:
    response = redirect(static("img/icon.svg"))
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


@only_reads
def robots(_request: HttpRequest) -> HttpResponse:
    prefixes = [market.prefix for market in Market.objects.in_order()]
    closed = [f"Disallow: {prefix}{name}/" for prefix in prefixes for name in CLOSED]
    staff = ["Disallow: /admin/", "Disallow: /dashboard/"]
    lines = ["User-agent: *", *closed, *staff, "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response
