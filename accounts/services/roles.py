"""Who may do what: the roles of the staff, by code, so that every shop of a version agrees."""

from collections.abc import Collection, Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from accounts.models import User

ANY = ("view", "add", "change", "delete")
# What the owner keeps: people, their roles, keys, and what anybody did.
OWNER_ONLY = (
    Q(content_type__app_label__in=["auth", "admin", "contenttypes", "sessions"])
    | Q(content_type__app_label="accounts", content_type__model="user")
    | Q(content_type__app_label="audit", codename="view_entry")
    # A key does what nobody signs for.
    | Q(content_type__app_label="channels", content_type__model__in=["apikey", "apicall"])
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
    *("orders.order", "orders.orderline", "orders.orderevent", "orders.hold"),
    *("orders.orderfile", "orders.orderrulerun", "shipping.fulfilment"),
    *("shipping.label", "shipping.trackingevent"),
) | _may(["add"], "orders.orderevent", "orders.orderfile")
# What went short of orders, and what partners send of them.
SHORT = _may(["view", "change"], "inventory.shortage") | _see("shipping.handoff")
# What comes back, and what went wrong on the way.
CASES = _see(
    *("orders.return", "orders.returnline", "orders.returncheck", "orders.returnevent"),
    *("orders.exchange", "orders.exchangeline", "orders.exchangeevent", "orders.casephoto"),
    *("orders.claim", "orders.claimline", "orders.claimevent"),
)
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
# What is scanned, counted and carried about; a manager approves counts.
FLOOR = ["inventory.stockcount", "inventory.countline", "inventory.transfer", "inventory.bin"]
SHELVES = ["inventory.batch", "inventory.binitem", "inventory.transferline"]
SUPPLIERS = [
    f"inventory.{name}" for name in ("supplier", "suppliercontact", "supplieroffer", "pricebreak")
]
MAIL = ["outbox.mail", "outbox.sms"]
DEALS = [f"marketing.{name}" for name in ("promotion", "condition", "benefit", "coupon", "segment")]

LISTS = ["catalog.pricelist", "catalog.pricelistentry"]
SALES = ["catalog.sale", "catalog.saleentry"]

# Masks (shop.admin.discretion): names, addresses and telephone numbers; what goods cost and earn.
SEE_PEOPLE = "accounts.view_personal_data"
SEE_COST = "inventory.view_cost"

# Owner and manager are not lists: whatever the shop learns, they may.
ROLES: dict[str, set[str]] = {
    "warehouse": {
        *ORDER,
        *SHORT,
        *_see("shipping.pickwave", "shipping.picktask", "shipping.bulkrun", "shipping.bulkrow"),
        *_see("shipping.box", "shipping.pickuppoint"),
        "orders.ship_order",
        "orders.pick_order",
        "shipping.pack_fulfilment",
        "shipping.buy_label",
        *CASES,
        "orders.receive_return",
        *_see(*PRODUCTS, *STOCK),
        *_may(["change"], "inventory.stockitem"),
        *_may(["view", "add", "change"], *FLOOR),
        *_see(*SHELVES, "inventory.purchaseorder", "inventory.purchaseorderline"),
        *_see(*SUPPLIERS),
        "inventory.receive_purchaseorder",
        SEE_PEOPLE,
    },
    "support": {
        *ORDER,
        *SHORT,
        "orders.confirm_order",
        "orders.cancel_order",
        "orders.hold_order",
        "orders.edit_order",
        "orders.call_order",
        "orders.delete_orderfile",
        *CASES,
        *_see("orders.returnrule", "orders.returnreason"),
        "orders.approve_return",
        "orders.settle_return",
        "orders.settle_claim",
        *_see("orders.calltask", "orders.callattempt", "orders.orderrule"),
        "orders.enter_order",
        *_see("orders.draft"),
        *_see("channels.marketplace", "channels.orderimport", "channels.importedorder"),
        *_see("payments.riskassessment", "payments.riskrule"),
        *_see("payments.payment", "payments.capture", "payments.refund", *MAIL, *PRODUCTS),
        *_see("payments.document"),
        *_may(["view", "add", "change"], "outbox.mailtext"),
        *_see("payments.grantedrefund", "payments.grantedline", "payments.dispute"),
        *_see("payments.evidencefile"),
        "payments.refund_payment",
        "payments.capture_payment",
        "payments.void_payment",
        "payments.answer_dispute",
        *_see("payments.valueaccount", "payments.valueentry"),
        "payments.issue_valueaccount",
        *_see("inventory.stockitem", "support.article", "accounts.vatcheck"),
        *_see(*DEALS, "marketing.promotionuse"),
        *_may(["view", "add", "change"], "accounts.customer"),
        *_may(["view", "add"], "accounts.customernote"),
        *_see("accounts.visit", "accounts.consent", "accounts.privacyrequest"),
        "accounts.view_as_customer",
        "accounts.view_personal_data",
        *_see("accounts.customergroup", *LISTS),
        SEE_PEOPLE,
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
        *_may(ANY, *SUPPLIERS),
        *_see("catalog.review", "catalog.market", *STOCK),
        SEE_COST,
    },
    "marketing": {
        *_see(*PRODUCTS, "catalog.market"),
        *_may(ANY, "catalog.collection", "catalog.collectionentry", "catalog.redirect"),
        *_may(ANY, "marketing.landingpage", "marketing.contentblock"),
        *_may(ANY, *DEALS),
        *_see(*LISTS),
        *_may(ANY, *SALES),
        *_see("marketing.promotionuse", "accounts.customergroup"),
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


def is_owner(user: User) -> bool:
    """Whether nobody stands above this person."""
    return user.is_superuser or user.groups.filter(name="owner").exists()


def keeps_an_owner(leaving: Collection[int]) -> bool:
    """Whether somebody is left who may let people in, once these are no owners any more."""
    owners = User.objects.filter(Q(is_superuser=True) | Q(groups__name="owner"))
    return owners.filter(is_active=True, is_staff=True).exclude(pk__in=leaving).exists()


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
