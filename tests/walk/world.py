"""One of everything: all that belongs to somebody belongs to Alice."""

import datetime as dt

from django.apps import apps
from django.utils import timezone

from accounts.models import Address, PolicyVersion
from catalog.models import DigitalFile
from marketing.models import Alert
from orders.models import Download, Order, Wishlist, WishlistLine
from payments.models import SavedCard
from shop.processes import claiming, returns
from shop.processes.returns import Wanted
from support.models import Article
from tests.factories import CartLineFactory, in_stock, placed_order, shipped_order
from tests.factories.documents import invoice_of
from tests.walk.addresses import NOWHERE
from tests.walk.people import customer_of
from tests.walk.staff_pages import staff_pages

Told = dict[str, dict[str, object]]


def make_world() -> Told:
    """By name of address: what fills its parts."""
    alice, _bob = customer_of("alice"), customer_of("bob")
    order = shipped_order(variant=in_stock(9), quantity=3)
    open_order = placed_order(variant=in_stock(9))
    Order.objects.filter(pk__in=[order.pk, open_order.pk]).update(customer=alice)
    cart_line = CartLineFactory(cart__customer=alice)
    number = {"number": order.number}
    line = order.lines.order_by("pk").first()
    rma = _return_of(order, line)
    return {
        **_each(_ABOUT_ORDER, number),
        **_each(_ABOUT_OPEN_ORDER, {"number": open_order.number}),
        **_each(_ABOUT_RETURN, {**number, "rma_number": rma.number}),
        **_each(_ABOUT_CLAIM, {**number, "claim_number": _claim_of(order, line).number}),
        **_each(_ABOUT_CART_LINE, {"line_id": cart_line.pk}),
        **_wishes_of(alice, line.variant),
        **_pages(line.variant.product),
        **staff_pages(),
        "payments:document": {**number, "label": invoice_of(order).label},
        **_each(_ABOUT_ADDRESS, {"pk": _address_of(alice).pk}),
        "accounts:saved_card_remove": {"pk": _card_of(alice).pk},
        "orders:download": {"token": _download_of(line).token},
        **_each(_ABOUT_ALERT, {"token": _alert_for(line.variant, order.market).token}),
    }


_ABOUT_ORDER = (
    *("orders:order", "orders:return_start", "orders:claim_start", "orders:order_again"),
    *("orders:order_cancel", "orders:order_address"),
)
_ABOUT_OPEN_ORDER = (
    *("payments:pay", "payments:back", "payments:transfer_code", "orders:offer"),
    "orders:shortage_choice",
)
_ABOUT_RETURN = (
    *("orders:return", "orders:return_label", "orders:return_posted", "orders:return_cancel"),
)
_ABOUT_CLAIM = ("orders:claim", "orders:claim_cancel")
_ABOUT_CART_LINE = ("orders:cart_line_update", "orders:cart_line_swap")
_ABOUT_ADDRESS = ("accounts:address", "accounts:address_default", "accounts:address_remove")
_ABOUT_ALERT = ("marketing:alert_confirmation", "marketing:alert_cancellation")


def _each(names: tuple[str, ...], told: dict[str, object]) -> Told:
    return dict.fromkeys(names, told)


def first_of(app: str, model: str) -> object:
    """The key of some row of a model, or one that is nowhere."""
    try:
        found = apps.get_model(app, model)
    except LookupError:
        return NOWHERE
    return found._default_manager.values_list("pk", flat=True).first() or NOWHERE


def _return_of(order, line):
    return returns.request(
        order_id=order.pk,
        wanted=[Wanted(line.pk, 1, "changed_mind")],
        wish="origin",
        swaps={},
        key="walk",
        actor=None,
        now=timezone.now(),
    )


def _claim_of(order, line):
    return claiming.open(
        order_id=order.pk,
        kind="damaged",
        lines={line.pk: 1},
        wish="refund",
        words="In pieces",
        key="walk",
        actor=None,
        now=timezone.now(),
    )


def _address_of(customer):
    return Address.objects.create(
        customer=customer,
        name="Alice Byron",
        line1="12 Analytical Row",
        city="London",
        country="GB",
        used_at=timezone.now(),
    )


def _card_of(customer):
    return SavedCard.objects.create(
        customer=customer,
        provider_ref="pm_walk",
        brand="visa",
        last4="4242",
        expires_on=dt.date(2031, 1, 31),
        saved_at=timezone.now(),
    )


def _download_of(line):
    now = timezone.now()
    file = DigitalFile.objects.create(variant=line.variant, name="Pattern", file="private/walk.pdf")
    return Download.objects.create(
        line=line, file=file, allowed=3, created_at=now, expires_at=now + dt.timedelta(days=30)
    )


def _alert_for(variant, market):
    return Alert.objects.create(
        kind=Alert.Kind.BACK_IN_STOCK,
        variant=variant,
        market=market,
        email="alice@example.com",
        created_at=timezone.now(),
    )


def _wishes_of(customer, variant) -> Told:
    market = variant.prices.get().market
    now = timezone.now()
    wishes = Wishlist.objects.create(
        user=customer.user, market=market, name="Kitchen", created_at=now, updated_at=now
    )
    line = WishlistLine.objects.create(
        wishlist=wishes, variant=variant, price_seen="1.00", added_at=now
    )
    of_line = ("line_remove", "line_move", "line_buy")
    of_list = ("rename", "share", "remove", "buy")
    return {
        "orders:wishlist_shared": {"key": wishes.share_key},
        **{f"orders:wishlist_{verb}": {"line_id": line.pk} for verb in of_line},
        **{f"orders:wishlist_{verb}": {"list_id": wishes.pk} for verb in of_list},
    }


def _pages(product) -> Told:
    Article.objects.create(slug="care", title="Care", body="Wash it.")
    Article.objects.create(slug="us", title="Us", body="Hello.", kind=Article.Kind.PAGE)
    PolicyVersion.objects.create(
        slug="terms", title="Terms", body="Be kind.", published_at=timezone.now()
    )
    return {
        "catalog:product": {"slug": product.slug},
        "support:article": {"slug": "care"},
        "support:page": {"slug": "us"},
    }
