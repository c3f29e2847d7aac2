from shop.views.errors import (
    bad_request,
    csrf_failure,
    page_not_found,
    permission_denied,
    server_error,
    too_many_requests,
)
from shop.views.files import favicon, media, robots
from shop.views.health import healthz, readyz
from shop.views.reports import csp_report
from shop.views.sitemaps import sitemap, sitemap_part
from shop.views.well_known import change_password, manifest, security_txt

__all__ = [
    "bad_request",
    "change_password",
    "csp_report",
    "csrf_failure",
    "favicon",
    "healthz",
    "manifest",
    "media",
    "page_not_found",
    "permission_denied",
    "readyz",
    "robots",
    "security_txt",
    "server_error",
    "sitemap",
    "sitemap_part",
    "too_many_requests",
]
