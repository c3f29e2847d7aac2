import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant
from orders.models.order import Order


class OrderLine(models.Model):
    """What was bought, as it was called and priced that day. Its gross is the truth."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    # The name under which inventory keeps what is allocated to this line.
    holder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    sku = models.CharField(_("SKU"), max_length=64, db_index=True)
    title = models.CharField(_("title"), max_length=200)
    variant_label = models.CharField(_("variant"), max_length=255, blank=True)
    image = models.JSONField(null=True, blank=True)
    is_shipped = models.BooleanField(_("travels in a parcel"), default=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    fulfilled = models.PositiveIntegerField(_("shipped"), default=0)
    # Units that are not sent any more; what they cost was granted back.
    canceled = models.PositiveIntegerField(_("cancelled"), default=0, db_default=0)
    # Units that came back, whatever their state.
    returned = models.PositiveIntegerField(_("returned"), default=0, db_default=0)
    # The change that added it after the order was placed.
    edit = models.ForeignKey(
        "orders.OrderEdit", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    unit_price = models.DecimalField(
        _("unit price"),
        max_digits=14,
        decimal_places=3,
        help_text=_("As shown in its market, tax in or out."),
    )
    # Why this price, when it is not the regular one: "Winter sale", "Trade, from 12 units".
    price_note = models.CharField(_("price"), max_length=120, blank=True, db_default="")
    # What promotions took off the whole line, on the side (net or gross) prices are entered.
    discount = models.DecimalField(
        _("discount"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    is_gift = models.BooleanField(_("free gift"), default=False, db_default=False)
    unit_cost = models.DecimalField(
        _("unit cost"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    # [{"name": "Engraving", "value": "Anna", "amount": "5.00"}]: per unit, within unit_price.
    extras = models.JSONField(_("extras"), default=list, blank=True)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")), name="order_line_net_plus_tax_is_gross"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="order_line_quantity_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0), name="order_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=F("unit_price") * F("quantity")),
                name="order_line_discount_within_price",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("fulfilled") + F("canceled")),
                name="order_line_ships_no_more_than_sold",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled__gte=F("returned")),
                name="order_line_returns_no_more_than_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"

    @property
    def unfulfilled(self) -> int:
        return self.quantity - self.fulfilled - self.canceled


class OrderLinePart(models.Model):
    """A part of a bundle that was bought: set aside, picked and sent back for itself."""

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="parts")
    holder = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sku = models.CharField(_("SKU"), max_length=64)
    title = models.CharField(_("title"), max_length=255)
    quantity = models.PositiveIntegerField(_("units in one bundle"))

    class Meta:
        verbose_name = _("part of a line")
        verbose_name_plural = _("parts of a line")
        constraints = [
            models.UniqueConstraint(fields=["line", "variant"], name="order_line_part_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="order_line_part_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"


class TaxLine(models.Model):
    """The tax on one line (or on delivery, without a line), kept as it was computed."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tax_lines")
    line = models.ForeignKey(
        OrderLine, on_delete=models.CASCADE, null=True, blank=True, related_name="tax_lines"
    )
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("territory"), max_length=20, blank=True, db_default="")
    tax_class = models.CharField(_("class"), max_length=20)
    name = models.CharField(_("name"), max_length=30)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=3)
    base = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    amount = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    included = models.BooleanField(_("included in the price"))

    class Meta:
        verbose_name = _("tax line")
        verbose_name_plural = _("tax lines")

    def __str__(self) -> str:
        return f"{self.name} {self.rate}%: {self.amount}"
