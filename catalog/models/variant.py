from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product
from shop.lib.history import History


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

    class Unit(models.TextChoices):
        GRAM = "g", "g"
        KILOGRAM = "kg", "kg"
        MILLILITRE = "ml", "ml"
        LITRE = "l", "l"
        CENTIMETRE = "cm", "cm"
        METRE = "m", "m"
        SQUARE_METRE = "m2", "m²"
        PIECE = "pc", _("piece")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(_("SKU"), max_length=64)
    barcode = models.CharField(_("barcode"), max_length=14, blank=True, db_index=True)
    mpn = models.CharField(_("part number"), max_length=64, blank=True)
    values = models.ManyToManyField(OptionValue, related_name="variants", blank=True)
    # The chosen values in option order, "Ash, 320 ml": what people read, and unique in a product.
    label = models.CharField(_("variant"), max_length=255, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    grams = models.PositiveIntegerField(_("weight in grams"), default=0)
    # Packed for the post; 0: not measured.
    length_mm = models.PositiveIntegerField(_("length in mm"), default=0, db_default=0)
    width_mm = models.PositiveIntegerField(_("width in mm"), default=0, db_default=0)
    height_mm = models.PositiveIntegerField(_("height in mm"), default=0, db_default=0)
    is_fragile = models.BooleanField(_("fragile"), default=False, db_default=False)
    # What customs officers read: "Stoneware mug". Empty: the product's title.
    customs_words = models.CharField(
        _("description for customs"), max_length=80, blank=True, db_default=""
    )
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    hs_code = models.CharField(_("customs code"), max_length=12, blank=True)
    cost = models.DecimalField(
        _("unit cost"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    min_quantity = models.PositiveSmallIntegerField(_("least per order"), default=1)
    quantity_step = models.PositiveSmallIntegerField(
        _("sold in steps of"),
        default=1,
        help_text=_("6 for glasses that are sold by the half dozen."),
    )
    max_quantity = models.PositiveSmallIntegerField(_("most per order"), default=99)
    # Net content, for the price per 100 g, 100 ml or metre that the law asks for.
    content = models.DecimalField(
        _("content"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    content_unit = models.CharField(_("unit"), max_length=3, choices=Unit, blank=True)
    uses_keys = models.BooleanField(
        _("comes with a key"),
        default=False,
        help_text=_("Every unit takes a licence key from its pool; sold out when none is left."),
    )
    is_active = models.BooleanField(_("for sale"), default=True)
    history = History()

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
            models.CheckConstraint(
                condition=Q(
                    min_quantity__gte=1, quantity_step__gte=1, max_quantity__gte=F("min_quantity")
                ),
                name="variant_quantities_agree",
            ),
            models.CheckConstraint(
                condition=Q(content=None, content_unit="")
                | (Q(content__gt=0) & ~Q(content_unit="")),
                name="variant_content_has_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.sku
