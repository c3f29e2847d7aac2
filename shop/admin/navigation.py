"""The sidebar in the order of the day's work, the tabs above the orders, and the shop's name."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.admin.saved_views import SAVED_VIEWS
from shop.admin.discretion import may_see

Entry = dict[str, Any]
Words = str | Promise

# (title, icon, "app.model") under each heading.
SECTIONS = [
    (
        lazy("Orders"),
        [
            (lazy("Orders"), "receipt_long", "orders.order"),
            (lazy("Drafts and quotes"), "edit_note", "orders.draft"),
            (lazy("Imported orders"), "move_to_inbox", "channels.importedorder"),
            (lazy("Files of orders"), "upload_file", "channels.orderimport"),
            (lazy("Waiting for a person"), "pending_actions", "orders.hold"),
            (lazy("Short"), "production_quantity_limits", "inventory.shortage"),
            (lazy("Calls"), "call", "orders.calltask"),
            (lazy("Returns"), "assignment_return", "orders.return"),
            (lazy("Exchanges"), "swap_horiz", "orders.exchange"),
            (lazy("Claims"), "report", "orders.claim"),
            (lazy("Return rules"), "rule", "orders.returnrule"),
            (lazy("Reasons for returns"), "help", "orders.returnreason"),
            (lazy("Payments"), "credit_card", "payments.payment"),
            (lazy("Refunds"), "currency_exchange", "payments.refund"),
            (lazy("Disputes"), "gavel", "payments.dispute"),
            (lazy("Bank lines"), "account_balance", "payments.bankline"),
            (lazy("Bank statements"), "upload_file", "payments.bankstatement"),
            (lazy("Invoices and credit notes"), "description", "payments.document"),
            (lazy("Gift cards and credit"), "redeem", "payments.valueaccount"),
        ],
    ),
    (
        lazy("Books"),
        [
            (lazy("Expenses"), "payments", "payments.expense"),
            (lazy("Accounts"), "account_tree", "payments.ledgeraccount"),
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
            (lazy("Counts"), "checklist", "inventory.stockcount"),
            (lazy("Transfers"), "move_down", "inventory.transfer"),
            (lazy("Batches"), "event_busy", "inventory.batch"),
            (lazy("Bins"), "shelves", "inventory.bin"),
            (lazy("Licence keys"), "key", "inventory.licencekey"),
            (lazy("Locations"), "warehouse", "inventory.location"),
            (lazy("Routing"), "alt_route", "inventory.routing"),
        ],
    ),
    (
        lazy("Buying"),
        [
            (lazy("Purchase orders"), "local_shipping", "inventory.purchaseorder"),
            (lazy("Suppliers"), "handshake", "inventory.supplier"),
            (lazy("Supplier offers"), "request_quote", "inventory.supplieroffer"),
            (lazy("Told by suppliers"), "difference", "inventory.feedchange"),
            (lazy("Supplier feeds"), "rss_feed", "inventory.supplierfeed"),
            (lazy("Buying policy"), "tune", "inventory.buyingpolicy"),
        ],
    ),
    (
        lazy("Delivery"),
        [
            (lazy("Parcels"), "package_2", "shipping.fulfilment"),
            (lazy("Pick waves"), "directions_walk", "shipping.pickwave"),
            (lazy("Runs on many orders"), "playlist_add_check", "shipping.bulkrun"),
            (lazy("Labels"), "label", "shipping.label"),
            (lazy("Sent by partners"), "handshake", "shipping.handoff"),
            (lazy("Methods"), "local_shipping", "shipping.method"),
            (lazy("Carriers"), "flight_takeoff", "shipping.carrier"),
            (lazy("Zones"), "public", "shipping.zone"),
            (lazy("Boxes"), "inventory_2", "shipping.box"),
            (lazy("Pickup points"), "pin_drop", "shipping.pickuppoint"),
            (lazy("Restrictions"), "block", "shipping.restriction"),
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
            (lazy("Audit log"), "policy", "audit.entry"),
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
            (lazy("Policies agreed to"), "task_alt", "accounts.policyacceptance"),
            (lazy("Consent texts"), "description", "accounts.consenttext"),
            (lazy("Consents"), "how_to_reg", "accounts.consent"),
            (lazy("Requests for data"), "shield_person", "accounts.privacyrequest"),
            (lazy("How long we keep it"), "auto_delete", "accounts.retentionrule"),
            (lazy("Retention runs"), "history", "accounts.retentionrun"),
        ],
    ),
    (
        lazy("Mail"),
        [
            (lazy("Mail"), "mail", "outbox.mail"),
            (lazy("Text messages"), "sms", "outbox.sms"),
            (lazy("Words of mails"), "edit_note", "outbox.mailtext"),
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
            (lazy("Risk rules"), "policy_alert", "payments.riskrule"),
            (lazy("Rules for orders"), "rule_settings", "orders.orderrule"),
            (lazy("What rules did"), "history_toggle_off", "orders.orderrulerun"),
            (lazy("Invoice numbers"), "pin", "payments.series"),
            (lazy("Payment methods"), "payments", "payments.paymentmethod"),
            (lazy("Webhook events"), "webhook", "payments.webhookevent"),
            (lazy("API keys"), "key", "channels.apikey"),
            (lazy("Webhooks to others"), "cable", "channels.webhookendpoint"),
            (lazy("Webhooks: what was sent"), "outgoing_mail", "channels.webhookdelivery"),
            (lazy("Webhooks: what happened"), "event_list", "channels.webhookevent"),
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
    if request.user.has_perm("inventory.change_stockitem"):
        page = reverse("inventory:floor")
        entries.append({"title": _("Stock room"), "icon": "barcode_scanner", "link": page})
    if request.user.has_perm("inventory.view_valuation"):
        page = reverse("analytics:stock")
        entries.append({"title": _("Stock figures"), "icon": "stacked_line_chart", "link": page})
    if request.user.has_perm("payments.view_books"):
        page = reverse("analytics:books_index")
        entries.append({"title": _("The books"), "icon": "menu_book", "link": page})
    if request.user.has_perm("audit.view_health"):
        page = reverse("analytics:health")
        entries.append({"title": _("Health"), "icon": "monitor_heart", "link": page})
    return entries


def _may_open(request: HttpRequest, model: str) -> bool:
    app, name = model.split(".")
    return request.user.has_perm(f"{app}.view_{name}") and may_see(model, request)


def _link(title: Words, icon: str, model: str) -> Entry:
    name = model.replace(".", "_")
    return {"title": title, "icon": icon, "link": reverse(f"admin:{name}_changelist")}
