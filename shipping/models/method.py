from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import TaxClass


class Zone(models.Model):
    """Countries that cost the same to reach."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"))

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")

    def __str__(self) -> str:
        return self.name


class Method(models.Model):
    """A way to send a parcel into a zone, and how long it takes in working days."""

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
