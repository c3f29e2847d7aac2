from shop.views.errors import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
)
from shop.views.files import favicon, media, robots
from shop.views.health import healthz, readyz
from shop.views.sitemaps import sitemap, sitemap_part

__all__ = [
    "bad_request",
    "csrf_failure",
    "favicon",
    "healthz",
    "media",
    "page_not_found",
    "permission_denied",
    "readyz",
    "robots",
    "server_error",
    "sitemap",
    "sitemap_part",
]
