import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from orders.models import Order


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def running(self, *, now: dt.datetime) -> "PromotionQuerySet":
        return self.filter(
            Q(starts_at=None) | Q(starts_at__lte=now),
            Q(ends_at=None) | Q(ends_at__gt=now),
            is_active=True,
        )


class Promotion(models.Model):
    """A reason to take something off a basket: when its conditions hold, its benefits apply.

    Within a lane the best promotion of each line wins; lanes run one after the other, each on
    what the earlier ones left.
    """

    class Lane(models.IntegerChoices):
        PRE = 0, _("First: offers on single pieces")
        DEFAULT = 1, _("Then: offers on the basket")
        POST = 2, _("Last: on top of everything")

    name = models.CharField(_("name"), max_length=80, help_text=_("For staff."))
    label = models.CharField(
        _("label"), max_length=120, help_text=_("What shoppers read beside the amount.")
    )
    lane = models.PositiveSmallIntegerField(_("lane"), choices=Lane, default=Lane.DEFAULT)
    is_active = models.BooleanField(_("on"), default=True)
    is_automatic = models.BooleanField(
        _("without a code"), default=True, help_text=_("Otherwise it wants one of its codes.")
    )
    # Nothing else applies beside it; of several such, and of the rest together, the best wins.
    is_exclusive = models.BooleanField(_("combines with nothing"), default=False)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    usage_limit = models.PositiveIntegerField(_("most orders"), null=True, blank=True)
    per_customer_limit = models.PositiveSmallIntegerField(
        _("most orders of one customer"), null=True, blank=True
    )
    # Orders that hold a use now; moved by a conditional UPDATE under the row's lock.
    uses = models.PositiveIntegerField(_("uses"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="promotion_ends_later",
            ),
            # A limit may be lowered below what was used already; then nothing is added.
            models.CheckConstraint(condition=Q(uses__gte=0), name="promotion_uses_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """One thing that has to hold. params: as marketing.services.promotions checks them."""

    class Kind(models.TextChoices):
        FIRST_ORDER = "first_order", _("It is the first order")
        NTH_ORDER = "nth_order", _("It is the nth order")
        NO_ORDER_FOR = "no_order_for", _("The last order was long ago")
        ITEM_TOTAL = "item_total", _("Goods are worth so much")
        QUANTITY = "quantity", _("The basket holds so many")
        GROUP = "group", _("The customer is in a group")
        SEGMENT = "segment", _("The customer is in a segment")
        MARKET = "market", _("The market is one of these")
        COUNTRY = "country", _("It goes to one of these countries")
        CHANNEL = "channel", _("It came by one of these channels")
        SHIPPING_METHOD = "shipping_method", _("Delivery is one of these")
        HOURS = "hours", _("On these days and hours")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="conditions")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    params = models.JSONField(_("details"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return self.get_kind_display()


class Benefit(models.Model):
    """One thing that is given. params: as marketing.services.promotions checks them."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Per cent off")
        FIXED = "fixed", _("An amount off")
        FIXED_EACH = "fixed_each", _("An amount off each piece")
        TIERED = "tiered", _("More off the more is bought")
        GROUPS = "groups", _("Buy some, get some: 3 for 2, buy X get Y")
        SET_PRICE = "set_price", _("Pieces at a set price")
        SHIPPING = "shipping", _("Free or cheaper delivery")
        GIFT = "gift", _("A gift")

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="benefits")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    params = models.JSONField(_("details"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")

    def __str__(self) -> str:
        return self.get_kind_display()


class Coupon(models.Model):
    """A code of a promotion: one for everybody, one of many, or a numbered card of a customer."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="coupons")
    code = models.CharField(_("code"), max_length=40)
    # A card: linked to a customer it works by itself whenever they are signed in.
    is_card = models.BooleanField(_("discount card"), default=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="coupons"
    )
    linked_at = models.DateTimeField(_("linked"), null=True, blank=True)
    usage_limit = models.PositiveIntegerField(_("most orders"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("uses"), default=0, editable=False)
    is_active = models.BooleanField(_("on"), default=True)
    batch = models.CharField(_("batch"), max_length=40, blank=True, db_index=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(Upper("code"), name="coupon_code_unique_any_case"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{2,39}$"), name="coupon_code_is_plain"
            ),
            models.CheckConstraint(condition=Q(uses__gte=0), name="coupon_uses_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code


class PromotionUse(models.Model):
    """An order that a promotion counted for, until the order is called off."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="used_by")
    coupon = models.ForeignKey(
        Coupon, on_delete=models.SET_NULL, null=True, blank=True, related_name="used_by"
    )
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="promotion_uses")
    # Digest of the buyer's address, for the limit per customer.
    who = models.CharField(max_length=64, db_index=True)
    amount = models.DecimalField(_("taken off"), max_digits=14, decimal_places=3)
    at = models.DateTimeField(_("at"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("use of a promotion")
        verbose_name_plural = _("uses of promotions")
        constraints = [
            models.UniqueConstraint(fields=["promotion", "order"], name="promotion_use_once"),
        ]
        indexes = [
            models.Index(
                fields=["promotion", "who"],
                name="promotion_use_by",
                condition=Q(released_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} in {self.order_id}"


class Segment(models.Model):
    """Customers who share a history. rules: as marketing.queries.segments reads them; all hold."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    rules = models.JSONField(_("rules"), default=list, blank=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name
