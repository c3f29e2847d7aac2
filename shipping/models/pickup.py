from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shipping.models.carrier import Carrier


class PickupPoint(models.Model):
    """A kiosk or locker where a carrier leaves parcels."""

    carrier = models.ForeignKey(Carrier, on_delete=models.CASCADE, related_name="points")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    line1 = models.CharField(_("address"), max_length=120)
    city = models.CharField(_("town or city"), max_length=80)
    postcode = models.CharField(_("postcode"), max_length=16, db_index=True)
    country = models.CharField(_("country"), max_length=2)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("pickup point")
        verbose_name_plural = _("pickup points")
        constraints = [
            models.UniqueConstraint(fields=["carrier", "code"], name="pickup_point_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Restriction(models.Model):
    """What must not be sent somewhere, and why. Told on the product page and before payment."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    countries = ArrayField(models.CharField(max_length=2), verbose_name=_("to countries"))
    # Everything except these countries, instead of these alone.
    is_inverted = models.BooleanField(_("to all but these countries"), default=False)
    categories = models.ManyToManyField(
        "catalog.Category", blank=True, related_name="+", verbose_name=_("categories")
    )
    products = models.ManyToManyField(
        "catalog.Product", blank=True, related_name="+", verbose_name=_("products")
    )
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("Shoppers read it: “Tea may not be imported.”")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")

    def __str__(self) -> str:
        return self.name
