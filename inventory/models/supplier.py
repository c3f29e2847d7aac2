from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant


class Supplier(models.Model):
    """Whom the shop buys from."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail for orders"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    line1 = models.CharField(_("address"), max_length=120, blank=True)
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    account_number = models.CharField(_("our number with them"), max_length=40, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    lead_days = models.PositiveSmallIntegerField(_("days to deliver"), default=14)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    terms = models.TextField(_("terms"), blank=True)
    # Of an order, in the supplier's currency.
    minimum = models.DecimalField(
        _("least order value"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    freight_free_from = models.DecimalField(
        _("freight is free from"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("bought from"), default=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.UniqueConstraint(Upper("name"), name="supplier_once_by_name"),
            models.CheckConstraint(
                condition=Q(minimum__gte=0), name="supplier_minimum_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierContact(models.Model):
    """A person at a supplier."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name


class SupplierOffer(models.Model):
    """A variant as a supplier sells it. cost: of one unit, in the supplier's currency."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="offers")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="supplier_offers")
    supplier_sku = models.CharField(_("their SKU"), max_length=64, blank=True)
    cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=3)
    pack_size = models.PositiveIntegerField(_("units in a pack"), default=1)
    minimum = models.PositiveIntegerField(_("least units"), default=1)
    lead_days = models.PositiveSmallIntegerField(
        _("days to deliver"), null=True, blank=True, help_text=_("Empty: as the supplier's.")
    )
    is_preferred = models.BooleanField(_("preferred"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    # As their feed told it last.
    their_stock = models.PositiveIntegerField(_("their stock"), null=True, blank=True)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    class Meta:
        verbose_name = _("supplier offer")
        verbose_name_plural = _("supplier offers")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "variant"], name="offer_once_per_supplier"),
            models.UniqueConstraint(
                fields=["variant"],
                condition=Q(is_preferred=True),
                name="offer_one_preferred_per_variant",
            ),
            models.UniqueConstraint(
                fields=["supplier", "supplier_sku"],
                condition=~Q(supplier_sku=""),
                name="offer_once_per_their_sku",
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="offer_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(pack_size__gte=1, minimum__gte=1), name="offer_quantities_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_sku or self.variant_id} ({self.supplier_id})"


class PriceBreak(models.Model):
    """A lower cost from a number of units on."""

    offer = models.ForeignKey(SupplierOffer, on_delete=models.CASCADE, related_name="breaks")
    from_units = models.PositiveIntegerField(_("from units"))
    cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("price break")
        verbose_name_plural = _("price breaks")
        constraints = [
            models.UniqueConstraint(fields=["offer", "from_units"], name="price_break_once"),
            models.CheckConstraint(
                condition=Q(from_units__gte=2, cost__gte=0), name="price_break_makes_sense"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_units}+: {self.cost}"
