"""Addresses that programs know by heart: whom to tell of a hole, where passwords change, an app's card."""

import datetime as dt

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from catalog.queries.seo import absolute
from shop.lib.http import only_reads

DAY = 60 * 60 * 24
# The text says until when it can be relied on; RFC 9116 asks for less than a year.
GOOD_FOR = dt.timedelta(days=90)


@only_reads
def security_txt(_request: HttpRequest) -> HttpResponse:
    expires = (timezone.now() + GOOD_FOR).astimezone(dt.UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en, de",
        f"Canonical: {absolute('/.well-known/security.txt')}",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response


@only_reads
def change_password(_request: HttpRequest) -> HttpResponse:
    """Where password managers send people."""
    return redirect(reverse("account_change_password"))


@only_reads
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone shows of the shop on its first screen."""
    icons = [("img/icon.svg", "any", "image/svg+xml"), ("img/icon-180.png", "180x180", "image/png")]
    card = {
        "name": settings.SHOP["name"],
        "short_name": settings.SHOP["name"],
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "minimal-ui",
        "theme_color": "#f9fbfb",
        "background_color": "#f9fbfb",
        "icons": [{"src": static(src), "sizes": size, "type": kind} for src, size, kind in icons],
    }
    response = JsonResponse(card, content_type="application/manifest+json")
    response["Cache-Control"] = f"public, max-age={DAY}"
    return response
