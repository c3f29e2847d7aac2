from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product


class Option(models.Model):
    """A question the shopper answers: glaze, size."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="option_once_per_product"),
        ]

    def __str__(self) -> str:
        return self.name


class OptionValue(models.Model):
    """One answer."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    tile = models.SlugField(
        _("swatch"), max_length=40, blank=True, help_text=_("Name of a glaze tile picture.")
    )

    class Meta:
        verbose_name = _("option value")
        verbose_name_plural = _("option values")
        constraints = [
            models.UniqueConstraint(fields=["option", "name"], name="value_once_per_option"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """What can be put in a basket: one SKU, one place on the shelf, its own price and pictures."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(_("SKU"), max_length=64)
    barcode = models.CharField(_("barcode"), max_length=14, blank=True, db_index=True)
    values = models.ManyToManyField(OptionValue, related_name="variants", blank=True)
    # The chosen values in option order, "Ash, 320 ml": what people read, and unique in a product.
    label = models.CharField(_("variant"), max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    hs_code = models.CharField(_("customs code"), max_length=12, blank=True)
    cost = models.DecimalField(
        _("unit cost"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    max_quantity = models.PositiveSmallIntegerField(_("most per order"), default=99)
    is_active = models.BooleanField(_("for sale"), default=True)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.UniqueConstraint(Upper("sku"), name="variant_sku_unique_any_case"),
            models.UniqueConstraint(
                fields=["product", "label"], name="variant_once_per_combination"
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="variant_has_a_sku"),
            models.CheckConstraint(
                condition=Q(max_quantity__gte=1), name="variant_max_quantity_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return self.sku
