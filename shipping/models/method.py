from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product, TaxClass


class Zone(models.Model):
    """Countries that cost the same to reach."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))
    # Who pays duties, and that a parcel may be held: read before payment.
    duties_note = models.CharField(_("note on duties"), max_length=300, blank=True, db_default="")
    needs_customs = models.BooleanField(
        _("crosses a customs border"), default=False, db_default=False
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def __str__(self) -> str:
        return self.name


class Method(models.Model):
    """A way to send a parcel into a zone, and how long it takes in working days."""

    class Kind(models.TextChoices):
        HOME = "home", _("To the door")
        POINT = "point", _("To a pickup point")
        COLLECT = "collect", _("Fetched at a shop of ours")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="methods")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    carrier = models.CharField(_("carrier"), max_length=40)
    tax_class = models.ForeignKey(
        TaxClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tax class"),
        help_text=_("Empty: taxed as the goods are, each rate by its share."),
    )
    # Who carries it; empty: the text above alone, its labels are our own.
    provider = models.ForeignKey(
        "shipping.Carrier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="methods",
        verbose_name=_("carrier account"),
    )
    service = models.CharField(_("carrier's service"), max_length=60, blank=True, db_default="")
    kind = models.CharField(
        _("brings it"), max_length=10, choices=Kind, default=Kind.HOME, db_default=Kind.HOME
    )
    # Ask the carrier for its price; the rates below hold when it is silent.
    is_live = models.BooleanField(_("asks for prices"), default=False, db_default=False)
    # Days in the house before it is handed over, beyond the cut-off.
    handling_days = models.PositiveSmallIntegerField(_("days of handling"), default=0, db_default=0)
    # Beginnings of postcodes: "BT", "IM". Only these; and never those.
    postcodes = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("only to postcodes"),
        default=list,
        blank=True,
        db_default=[],
    )
    not_postcodes = ArrayField(
        models.CharField(max_length=16),
        verbose_name=_("not to postcodes"),
        default=list,
        blank=True,
        db_default=[],
    )
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="+",
        verbose_name=_("only for categories"),
        help_text=_("Empty: for everything. Otherwise all of a parcel must be in one of them."),
    )
    not_categories = models.ManyToManyField(
        Category, blank=True, related_name="+", verbose_name=_("never for categories")
    )
    not_products = models.ManyToManyField(
        Product, blank=True, related_name="+", verbose_name=_("never for products")
    )
    # The longest side, and length + 2 x (width + height); 0: no limit.
    max_length_mm = models.PositiveIntegerField(_("longest side in mm"), default=0, db_default=0)
    max_girth_mm = models.PositiveIntegerField(_("length and girth in mm"), default=0, db_default=0)
    max_parcel_grams = models.PositiveIntegerField(
        _("heaviest parcel in grams"), default=0, db_default=0
    )
    min_days = models.PositiveSmallIntegerField(_("from working days"))
    max_days = models.PositiveSmallIntegerField(_("to working days"))
    tracking_url = models.CharField(
        _("tracking address"),
        max_length=200,
        blank=True,
        help_text=_("With {number} where the tracking number goes."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        constraints = [
            models.CheckConstraint(
                condition=Q(min_days__lte=F("max_days")), name="method_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """The price of a method for parcels of [min_grams, max_grams), free from a goods value on."""

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="rates")
    currency = models.CharField(_("currency"), max_length=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=3)
    min_grams = models.PositiveIntegerField(_("from grams"), default=0)
    max_grams = models.PositiveIntegerField(_("to below grams"), default=1_000_000)
    # For goods worth [min_goods, max_goods); None: no end.
    min_goods = models.DecimalField(
        _("from goods value"),
        max_digits=14,
        decimal_places=3,
        default=Decimal(0),
        db_default=Decimal(0),
    )
    max_goods = models.DecimalField(
        _("to below goods value"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    free_from = models.DecimalField(
        _("free from"), max_digits=14, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("delivery rate")
        verbose_name_plural = _("delivery rates")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="rate_not_negative"),
            models.CheckConstraint(
                condition=Q(min_grams__lt=F("max_grams")), name="rate_weights_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency}"
