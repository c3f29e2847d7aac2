"""Who may do what: the roles of the staff, by code, so that every shop of a version agrees."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

ANY = ("view", "add", "change", "delete")
# What the owner keeps: people, their roles, and what anybody did.
OWNER_ONLY = Q(content_type__app_label__in=["auth", "admin", "contenttypes", "sessions"]) | Q(
    content_type__app_label="accounts", content_type__model="user"
)


def _may(verbs: Iterable[str], *models: str) -> set[str]:
    """Codes like "catalog.change_product", for "catalog.product"."""
    codes = set()
    for model in models:
        app, name = model.split(".")
        codes |= {f"{app}.{verb}_{name}" for verb in verbs}
    return codes


def _see(*models: str) -> set[str]:
    return _may(["view"], *models)


ORDER = _see(
    "orders.order", "orders.orderline", "orders.orderevent", "orders.hold", "shipping.fulfilment"
) | _may(["add"], "orders.orderevent")
PRODUCTS = [
    f"catalog.{name}"
    for name in (
        "product",
        "producttype",
        "category",
        "variant",
        "option",
        "optionvalue",
        "image",
        "price",
        "attribute",
        "attributechoice",
        "attributevalue",
        "typeattribute",
        "extra",
        "extraprice",
        "bundlepart",
        "digitalfile",
        "safetyparty",
    )
]
WORDS = ["catalog.synonym", "catalog.unit"]
STOCK = ["inventory.stockitem", "inventory.stockmovement", "inventory.location"]
MAIL = ["outbox.mail"]
DEALS = [f"marketing.{name}" for name in ("promotion", "condition", "benefit", "coupon", "segment")]

LISTS = ["catalog.pricelist", "catalog.pricelistentry"]
SALES = ["catalog.sale", "catalog.saleentry"]

# Owner and manager are not lists: whatever the shop learns, they may.
ROLES: dict[str, set[str]] = {
    "warehouse": {
        *ORDER,
        "orders.ship_order",
        *_see(*PRODUCTS, *STOCK),
        *_may(["change"], "inventory.stockitem"),
    },
    "support": {
        *ORDER,
        "orders.confirm_order",
        "orders.cancel_order",
        *_see("payments.payment", "payments.refund", *MAIL, *PRODUCTS),
        *_see("payments.valueaccount", "payments.valueentry"),
        "payments.issue_valueaccount",
        *_see("inventory.stockitem", "support.article", "accounts.vatcheck"),
        *_see(*DEALS, "marketing.promotionuse"),
        *_may(["view", "add", "change"], "accounts.customer"),
        *_see("accounts.customergroup", *LISTS),
    },
    "catalogue": {
        *_may(ANY, *PRODUCTS, "catalog.collection", "catalog.collectionentry"),
        *_may(ANY, "catalog.redirect", *WORDS),
        *_see("catalog.searchcount", "channels.feed", "channels.feedrun"),
        *_see("channels.feedrejection"),
        *_may(["view", "add", "change"], "catalog.importrun"),
        "catalog.undo_import",
        *_may(ANY, *LISTS, *SALES),
        *_see("catalog.exchangerate"),
        *_see("accounts.customergroup"),
        *_may(["view", "add"], "inventory.licencekey"),
        *_see("catalog.review", "catalog.market", *STOCK),
    },
    "marketing": {
        *_see(*PRODUCTS, "catalog.market"),
        *_may(ANY, "catalog.collection", "catalog.collectionentry", "catalog.redirect"),
        *_may(ANY, "marketing.landingpage", "marketing.contentblock"),
        *_may(ANY, *DEALS),
        *_see(*LISTS),
        *_may(ANY, *SALES),
        *_see("marketing.promotionuse", "accounts.customer", "accounts.customergroup"),
        *_see("marketing.alert", "channels.feedrun", "channels.feedrejection"),
        *_may(ANY, "channels.feed", *WORDS),
        *_see("catalog.searchcount"),
        *_may(["view", "change"], "catalog.review"),
        *_may(ANY, "support.article"),
        "orders.view_dashboard",
    },
}
NAMES = ("owner", "manager", *ROLES)


def sync() -> None:
    """Make the groups say what this file says. Safe to repeat; other groups are left alone."""
    for name in NAMES:
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(name))


def _permissions(role: str) -> QuerySet[Permission]:
    if role == "owner":
        return Permission.objects.all()
    if role == "manager":
        return Permission.objects.exclude(OWNER_ONLY)
    wanted = Q(pk__in=[])
    for code in sorted(ROLES[role]):
        app, _dot, codename = code.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted)
