"""The sidebar in the order of the day's work, the tabs above the orders, and the shop's name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.admin.saved_views import SAVED_VIEWS

Entry = dict[str, Any]
Words = str | Promise

# (title, icon, "app.model") under each heading.
SECTIONS = [
    (
        lazy("Orders"),
        [
            (lazy("Orders"), "receipt_long", "orders.order"),
            (lazy("Payments"), "credit_card", "payments.payment"),
            (lazy("Refunds"), "currency_exchange", "payments.refund"),
            (lazy("Gift cards and credit"), "redeem", "payments.valueaccount"),
        ],
    ),
    (
        lazy("Products"),
        [
            (lazy("Products"), "local_cafe", "catalog.product"),
            (lazy("Categories"), "account_tree", "catalog.category"),
            (lazy("Collections"), "collections_bookmark", "catalog.collection"),
            (lazy("Product types"), "category", "catalog.producttype"),
            (lazy("Attributes"), "tune", "catalog.attribute"),
            (lazy("Imports"), "upload_file", "catalog.importrun"),
            (lazy("Reviews"), "star", "catalog.review"),
            (lazy("Searches"), "search", "catalog.searchcount"),
            (lazy("Synonyms"), "sync_alt", "catalog.synonym"),
        ],
    ),
    (
        lazy("Prices"),
        [
            (lazy("Sales"), "percent_discount", "catalog.sale"),
            (lazy("Price lists"), "price_change", "catalog.pricelist"),
            (lazy("Price sheet"), "table_chart", "catalog.price"),
            (lazy("Exchange rates"), "currency_exchange", "catalog.exchangerate"),
        ],
    ),
    (
        lazy("Stock"),
        [
            (lazy("Stock"), "inventory_2", "inventory.stockitem"),
            (lazy("Movements"), "swap_vert", "inventory.stockmovement"),
            (lazy("Licence keys"), "key", "inventory.licencekey"),
            (lazy("Locations"), "warehouse", "inventory.location"),
        ],
    ),
    (
        lazy("Delivery"),
        [
            (lazy("Parcels"), "package_2", "shipping.fulfilment"),
            (lazy("Methods"), "local_shipping", "shipping.method"),
            (lazy("Zones"), "public", "shipping.zone"),
        ],
    ),
    (
        lazy("Promotions"),
        [
            (lazy("Promotions"), "sell", "marketing.promotion"),
            (lazy("Codes and cards"), "confirmation_number", "marketing.coupon"),
            (lazy("Uses"), "receipt", "marketing.promotionuse"),
            (lazy("Segments"), "groups", "marketing.segment"),
        ],
    ),
    (
        lazy("People"),
        [
            (lazy("Customers"), "group", "accounts.customer"),
            (lazy("Customer groups"), "groups", "accounts.customergroup"),
            (lazy("Users"), "person", "accounts.user"),
            (lazy("Roles"), "badge", "auth.group"),
            (lazy("Log"), "history", "admin.logentry"),
        ],
    ),
    (
        lazy("Content"),
        [
            (lazy("Pages"), "web", "marketing.landingpage"),
            (lazy("Alerts"), "notifications", "marketing.alert"),
            (lazy("Articles"), "article", "support.article"),
            (lazy("Redirects"), "alt_route", "catalog.redirect"),
            (lazy("Feeds"), "rss_feed", "channels.feed"),
            (lazy("Left out of feeds"), "rule", "channels.feedrejection"),
            (lazy("Policies"), "gavel", "accounts.policyversion"),
        ],
    ),
    (
        lazy("Mail"),
        [
            (lazy("Mail"), "mail", "outbox.mail"),
            (lazy("Outbox"), "outbox", "outbox.message"),
        ],
    ),
    (
        lazy("Settings"),
        [
            (lazy("Markets"), "storefront", "catalog.market"),
            (lazy("Manufacturers"), "factory", "catalog.safetyparty"),
            (lazy("Tax classes"), "percent", "catalog.taxclass"),
            (lazy("Tax rates"), "account_balance", "catalog.taxrate"),
            (lazy("Tax territories"), "map", "catalog.taxterritory"),
            (lazy("Tax registrations"), "how_to_reg", "catalog.taxregistration"),
            (lazy("VAT number checks"), "fact_check", "accounts.vatcheck"),
            (lazy("Units of measure"), "straighten", "catalog.unit"),
            (lazy("Webhook events"), "webhook", "payments.webhookevent"),
        ],
    ),
]


def shop_name(_request: HttpRequest) -> str:
    return str(settings.SHOP["name"])


def environment(_request: HttpRequest) -> tuple[str, str] | None:
    return (_("Demo"), "warning") if settings.DEMO else None


def sidebar(request: HttpRequest) -> list[Entry]:
    """What this person may open; a heading with nothing under it is left out."""
    groups: list[Entry] = [{"title": "", "items": _start(request)}]
    for title, entries in SECTIONS:
        items = [_link(*entry) for entry in entries if _may_open(request, entry[2])]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def tabs(request: HttpRequest) -> list[Entry]:
    """The saved views of the list of orders."""
    here = request.GET.get("view", "")
    address = reverse("admin:orders_order_changelist")
    items = [
        {"title": view.title, "link": f"{address}?view={slug}", "active": here == slug}
        for slug, view in SAVED_VIEWS.items()
        if view.is_tab
    ]
    items.append({"title": _("All"), "link": address, "active": not here})
    return [{"models": ["orders.order"], "items": items}]


def _start(request: HttpRequest) -> list[Entry]:
    entries = [{"title": _("Work queue"), "icon": "checklist", "link": reverse("admin:index")}]
    if request.user.has_perm("orders.view_dashboard"):
        entries.append({"title": _("Dashboard"), "icon": "monitoring", "link": "/dashboard/"})
    return entries


def _may_open(request: HttpRequest, model: str) -> bool:
    app, name = model.split(".")
    return request.user.has_perm(f"{app}.view_{name}")


def _link(title: Words, icon: str, model: str) -> Entry:
    name = model.replace(".", "_")
    return {"title": title, "icon": icon, "link": reverse(f"admin:{name}_changelist")}
