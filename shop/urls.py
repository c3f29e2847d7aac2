from django.contrib import admin
from django.urls import include, path

from shop import views

handler400 = "shop.views.bad_request"
handler403 = "shop.views.permission_denied"
handler404 = "shop.views.page_not_found"
handler500 = "shop.views.server_error"

everywhere = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemaps/<slug:kind>-<int:number>.xml", views.sitemap_part, name="sitemap_part"),
    path("feeds/", include("channels.urls")),
    path("favicon.ico", views.favicon, name="favicon"),
    path("media/<path:path>", views.media, name="media"),
    path("admin/", admin.site.urls),
    path("dashboard/", include("analytics.urls")),
]
# Addresses that every market has below its prefix.
in_a_market = [
    path("account/", include("accounts.urls")),
    path("", include("payments.urls")),
    path("", include("orders.urls")),
    path("", include("support.urls")),
    path("", include("marketing.urls")),
    path("", include("catalog.urls")),
]
urlpatterns = [*everywhere, *in_a_market]
