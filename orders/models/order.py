import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core import signing
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, PolicyVersion
from catalog.models import Market
from orders.models.cart import Cart
from shop.lib.events import InvalidTransition

LINK = signing.Signer(salt="orders.order.link")

PHONE_DIGITS = Func(
    F("phone"),
    Value(r"\D"),
    Value(""),
    Value("g"),
    function="regexp_replace",
    output_field=models.CharField(),
)


class OrderQuerySet(models.QuerySet["Order"]):
    def open(self) -> "OrderQuerySet":
        return self.filter(status__in=[Order.Status.PENDING, Order.Status.CONFIRMED])

    def overdue(self, *, now: dt.datetime) -> "OrderQuerySet":
        """Placed, never paid, and out of time."""
        unpaid = self.filter(payment_status=Order.Payment.PENDING)
        return unpaid.filter(status=Order.Status.PENDING, expires_at__lte=now)

    def to_ship(self) -> "OrderQuerySet":
        return self.filter(
            status=Order.Status.CONFIRMED,
            fulfillment_status__in=[
                Order.Fulfillment.UNFULFILLED,
                Order.Fulfillment.PARTIALLY_FULFILLED,
            ],
        )

    def in_period(self, start: dt.datetime, end: dt.datetime) -> "OrderQuerySet":
        return self.filter(placed_at__gte=start, placed_at__lt=end)


class Order(models.Model):
    """A sale on record. Totals are the sums of its lines and its delivery charge."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PENDING = "pending", _("Pending")
        CONFIRMED = "confirmed", _("Confirmed")
        COMPLETED = "completed", _("Completed")
        EXPIRED = "expired", _("Expired")
        CANCELED = "canceled", _("Cancelled")

    class Payment(models.TextChoices):
        PENDING = "pending", _("Unpaid")
        AUTHORIZED = "authorized", _("Authorised")
        PARTIALLY_PAID = "partially_paid", _("Part paid")
        PAID = "paid", _("Paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("Part refunded")
        REFUNDED = "refunded", _("Refunded")
        VOIDED = "voided", _("Voided")

    class Fulfillment(models.TextChoices):
        UNFULFILLED = "unfulfilled", _("To ship")
        PARTIALLY_FULFILLED = "partially_fulfilled", _("Part shipped")
        FULFILLED = "fulfilled", _("Shipped")
        DELIVERED = "delivered", _("Delivered")

    class Channel(models.TextChoices):
        WEB = "web", _("Web shop")
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        COUNTER = "counter", _("Shop counter")
        SOCIAL = "social", _("Social media")
        MARKETPLACE = "marketplace", _("Marketplace")

    class Relief(models.TextChoices):
        """Why no tax was charged on what is taxed otherwise."""

        REVERSE_CHARGE = "reverse_charge", _("Reverse charge")
        EXEMPT = "exempt", _("Exempt customer")
        EXPORT = "export", _("Export")

    class Return(models.TextChoices):
        NONE = "none", _("None")
        REQUESTED = "requested", _("Requested")
        IN_PROGRESS = "in_progress", _("In progress")
        RETURNED = "returned", _("Returned")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.DRAFT: {Status.PENDING, Status.CANCELED},
        Status.PENDING: {Status.CONFIRMED, Status.EXPIRED, Status.CANCELED},
        Status.CONFIRMED: {Status.COMPLETED, Status.CANCELED},
        # Something was added: an exchange, a piece sent again.
        Status.COMPLETED: {Status.CONFIRMED},
        # Money that comes late brings an order back while its goods are there.
        Status.EXPIRED: {Status.CONFIRMED},
        Status.CANCELED: set(),
    }

    number = models.CharField(_("number"), max_length=20, unique=True)
    # One cart, one order: the second click finds the first order.
    cart = models.OneToOneField(
        Cart, on_delete=models.SET_NULL, null=True, blank=True, related_name="order"
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="orders")
    currency = models.CharField(_("currency"), max_length=3)
    # Units of the main market's currency for one of this order's, on the day: reports convert by it.
    exchange_rate = models.DecimalField(
        _("exchange rate"),
        max_digits=18,
        decimal_places=8,
        default=Decimal(1),
        db_default=Decimal(1),
    )
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    channel = models.CharField(_("channel"), max_length=20, choices=Channel, default=Channel.WEB)
    # What somebody else calls it: a marketplace's order number, a buyer's purchase order.
    reference = models.CharField(
        _("their reference"), max_length=80, blank=True, db_default="", db_index=True
    )
    tags = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("tags"),
        default=list,
        blank=True,
        db_default=[],
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )

    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    payment_status = models.CharField(
        _("payment"), max_length=20, choices=Payment, default=Payment.PENDING
    )
    fulfillment_status = models.CharField(
        _("delivery"), max_length=20, choices=Fulfillment, default=Fulfillment.UNFULFILLED
    )
    return_status = models.CharField(
        _("return"), max_length=20, choices=Return, default=Return.NONE
    )

    email = models.EmailField(_("e-mail"), db_index=True)
    name = models.CharField(_("name"), max_length=120)
    line1 = models.CharField(_("address"), max_length=120)
    line2 = models.CharField(_("address line 2"), max_length=120, blank=True)
    city = models.CharField(_("town or city"), max_length=80)
    # State or province, where addresses have one ("CA" in the US).
    region = models.CharField(_("region"), max_length=40, blank=True, db_default="")
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    country = models.CharField(_("country"), max_length=2)
    company = models.CharField(_("company"), max_length=120, blank=True, db_default="")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True, db_default="")
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    shipping_method = models.CharField(_("delivery method"), max_length=40, blank=True)
    shipping_name = models.CharField(_("delivery"), max_length=80, blank=True)
    # Where the buyer fetches it: {"kind": "point"|"collect", "code", "name", "lines": [], "hours"}.
    pickup = models.JSONField(_("fetched at"), default=dict, blank=True, db_default={})
    # Printed on the packing slip, for the one who opens the parcel.
    gift_note = models.CharField(_("gift note"), max_length=300, blank=True, db_default="")
    wants_sms = models.BooleanField(_("told by SMS"), default=False, db_default=False)
    arrives_from = models.DateField(_("arrives from"), null=True, blank=True)
    arrives_by = models.DateField(_("arrives by"), null=True, blank=True)
    payment_method = models.CharField(_("payment method"), max_length=20)

    shipping_net = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    shipping_tax = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    shipping_gross = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    tax_relief = models.CharField(
        _("no tax because"), max_length=20, choices=Relief, blank=True, db_default=""
    )
    # What promotions took off goods and delivery, as the market enters prices; 0 or more.
    discount = models.DecimalField(
        _("discount"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)
    refunded = models.DecimalField(
        _("refunded"), max_digits=14, decimal_places=3, default=Decimal(0)
    )

    terms = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Every text the buyer agreed to or was shown, as it stood then; `terms` is one of them.
    policies = models.ManyToManyField(
        PolicyVersion, related_name="+", blank=True, verbose_name=_("agreed to")
    )
    placed_at = models.DateTimeField(_("placed"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # From here on it may be sent, and the sale is in the books.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    # The last day to pay an invoice.
    due_on = models.DateField(_("to be paid by"), null=True, blank=True)
    # Where it was placed from, to see many orders from one place.
    ip = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    # Whose it was is forgotten; what tax law keeps is here.
    erased_at = models.DateTimeField(_("forgotten"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax")), name="order_net_plus_tax_is_total"
            ),
            models.CheckConstraint(
                condition=Q(shipping_gross=F("shipping_net") + F("shipping_tax")),
                name="order_shipping_net_plus_tax_is_gross",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(
                condition=Q(discount__gte=0), name="order_discount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(exchange_rate__gt=0), name="order_exchange_rate_positive"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("total")),
                name="order_refunded_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["confirmed_at"], name="order_sold"),
            # A dashboard reads this alone, and no order.
            models.Index(
                fields=["market", "confirmed_at"],
                include=["id", "email", "total", "net"],
                condition=Q(confirmed_at__isnull=False),
                name="order_sold_in",
            ),
            models.Index(fields=["ip"], name="order_from", condition=Q(ip__isnull=False)),
            models.Index(fields=["paid_at"], name="order_paid"),
            GinIndex(fields=["tags"], name="order_tagged"),
            # A part of a name, an address or a number, as people at the telephone have it.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="order_by_name"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="order_by_email"),
            GinIndex(
                OpClass(PHONE_DIGITS, name="gin_trgm_ops"),
                name="order_by_phone",
                condition=~Q(phone=""),
            ),
            models.Index(fields=["status", "fulfillment_status"], name="order_queue"),
            models.Index(
                fields=["expires_at"], name="order_expiring", condition=Q(status="pending")
            ),
        ]
        permissions = [
            ("confirm_order", _("Can confirm orders")),
            ("mark_paid_order", _("Can mark orders as paid")),
            ("ship_order", _("Can ship orders")),
            ("cancel_order", _("Can cancel orders")),
            ("hold_order", _("Can hold and release orders")),
            ("edit_order", _("Can change placed orders")),
            ("enter_order", _("Can enter orders and quotes for customers")),
            ("call_order", _("Can call customers about orders")),
            ("pick_order", _("Can pick and pack orders")),
            ("view_dashboard", _("Can read the dashboard")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page with its key, for whoever may know it: the buyer, by mail or redirect."""
        return f"{reverse('orders:order', args=[self.number])}?t={self.link_token}"

    # Reading

    @property
    def can_confirm(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def can_be_paid(self) -> bool:
        return self.status in (
            self.Status.PENDING,
            self.Status.CONFIRMED,
        ) and self.payment_status in (self.Payment.PENDING, self.Payment.PARTIALLY_PAID)

    @property
    def can_ship(self) -> bool:
        return self.status == self.Status.CONFIRMED and self.fulfillment_status in (
            self.Fulfillment.UNFULFILLED,
            self.Fulfillment.PARTIALLY_FULFILLED,
        )

    @property
    def can_cancel(self) -> bool:
        """Until something has left the house."""
        return (
            self.Status.CANCELED in self.MOVES[self.status]
            and self.fulfillment_status == self.Fulfillment.UNFULFILLED
        )

    @property
    def is_called_off(self) -> bool:
        return self.status in (self.Status.CANCELED, self.Status.EXPIRED)

    @property
    def items_gross(self) -> Decimal:
        return self.total - self.shipping_gross

    @property
    def address_lines(self) -> list[str]:
        place = " ".join(filter(None, (self.city, self.region, self.postcode)))
        return [part for part in (self.name, self.line1, self.line2, place) if part]

    # Its private address

    @cached_property
    def link_token(self) -> str:
        return LINK.signature(self.number)

    def opens_with(self, token: str) -> bool:
        return constant_time_compare(token, self.link_token)

    # Moving; `orders.services.orders` writes the event beside each move.

    def check_move(self, status: str) -> None:
        if status not in self.MOVES[self.status]:
            raise InvalidTransition(self.number, self.status, status)
