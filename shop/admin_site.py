"""How the staff site looks. Plain data for the settings; dotted names load on first use."""

from typing import Any

from django.templatetags.static import static

# Cobalt, as in the shop's own tokens; 600 carries white text, 500 is read on the dark ground.
COBALT = {
    "50": "oklch(97% .012 268)",
    "100": "oklch(94% .025 268)",
    "200": "oklch(88% .05 268)",
    "300": "oklch(80% .09 268)",
    "400": "oklch(74% .12 268)",
    "500": "oklch(68% .14 268)",
    "600": "oklch(42% .16 268)",
    "700": "oklch(37% .15 268)",
    "800": "oklch(32% .13 268)",
    "900": "oklch(27% .1 268)",
    "950": "oklch(20% .08 268)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "shop.admin.navigation.shop_name",
    "SITE_HEADER": "shop.admin.navigation.shop_name",
    "SITE_SYMBOL": "storefront",
    "SITE_URL": "/",
    "ENVIRONMENT": "shop.admin.navigation.environment",
    "COLORS": {"primary": COBALT},
    "BORDER_RADIUS": "4px",
    "STYLES": [
        lambda _request: static("css/admin.css"),
        lambda _request: static("css/admin_lists.css"),
    ],
    "DASHBOARD_CALLBACK": "shop.admin.queue.add_work_queue",
    "TABS": "shop.admin.navigation.tabs",
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "navigation": "shop.admin.navigation.sidebar",
    },
    "COMMAND": {"search_callback": "shop.admin.search.find"},
}
