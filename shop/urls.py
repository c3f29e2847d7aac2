from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.views import doors, privacy_guest
from shop import views

handler400 = "shop.views.bad_request"
handler403 = "shop.views.permission_denied"
handler404 = "shop.views.page_not_found"
handler429 = "shop.views.too_many_requests"
handler500 = "shop.views.server_error"

# One door for everybody, with its limits and its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
everywhere = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemaps/<slug:kind>-<int:number>.xml", views.sitemap_part, name="sitemap_part"),
    path("feeds/", include("channels.urls")),
    path("api/", include("shop.api.urls")),
    path("favicon.ico", views.favicon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path(".well-known/change-password", views.change_password, name="change_password"),
    path("csp-report/", views.csp_report, name="csp_report"),
    path("media/<path:path>", views.media, name="media"),
    path("admin/", admin.site.urls),
    path("dashboard/", include("analytics.urls")),
    path("", include("shipping.urls")),
    path("stockroom/", include("inventory.urls")),
]
# Addresses that every market has below its prefix, as the catalogue's.
in_a_market = [
    path("account/", include(doors.patterns())),
    path("account/", include("accounts.urls")),
    path("privacy/", privacy_guest.guest, name="privacy"),
    path("privacy/done/", privacy_guest.gone, name="privacy_gone"),
    path("privacy/<str:number>/<str:key>/", privacy_guest.link, name="privacy_link"),
    path("privacy/<str:number>/<str:key>/file/", privacy_guest.file, name="privacy_file"),
    path("", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("support.urls")),
    path("", include("marketing.urls")),
]
# Addresses are compared in this order, so those that are asked for most stand first.
urlpatterns = [path("", include("catalog.urls")), *everywhere, *in_a_market]
