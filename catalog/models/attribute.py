from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product, ProductType


class Attribute(models.Model):
    """A question every product of a kind answers: capacity, firing, safe in the dishwasher."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice")
        BOOL = "bool", _("Yes or no")
        DATE = "date", _("Date")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*$")],
        help_text=_("Name in addresses of filtered lists, such as capacity."),
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    unit = models.CharField(_("unit"), max_length=12, blank=True, help_text=_("ml, cm, g …"))
    is_facet = models.BooleanField(_("filters lists"), default=False)
    is_in_specs = models.BooleanField(_("in the specification"), default=True)
    # Where a numeric filter is cut: [250, 500] parts "under 250", "250 to 500", "500 and over".
    steps = ArrayField(
        models.DecimalField(max_digits=14, decimal_places=4),
        default=list,
        blank=True,
        verbose_name=_("steps"),
        help_text=_("Numbers at which the filter is cut, such as 250, 500; empty for each value."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")

    def __str__(self) -> str:
        return self.name


class AttributeChoice(models.Model):
    """An answer that may be chosen."""

    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="choices")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "name"], name="attribute_choice_once_per_attribute"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TypeAttribute(models.Model):
    """Which attributes a product type asks for, in which order."""

    type = models.ForeignKey(ProductType, on_delete=models.CASCADE, related_name="asks")
    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="asked_by")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_required = models.BooleanField(_("needed before it is sold"), default=False)

    class Meta:
        verbose_name = _("attribute of a type")
        verbose_name_plural = _("attributes of a type")
        constraints = [
            models.UniqueConstraint(fields=["type", "attribute"], name="type_asks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type_id}: {self.attribute_id}"


class AttributeValue(models.Model):
    """What a product answers: one column is filled, the one of the attribute's kind."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="answers")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="answers")
    text = models.CharField(_("text"), max_length=255, null=True, blank=True)
    number = models.DecimalField(
        _("number"), max_digits=14, decimal_places=4, null=True, blank=True
    )
    choice = models.ForeignKey(
        AttributeChoice, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_true = models.BooleanField(_("yes"), null=True, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)

    class Meta:
        verbose_name = _("attribute value")
        verbose_name_plural = _("attribute values")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "attribute"], name="attribute_answered_once"
            ),
            models.CheckConstraint(
                condition=(
                    Q(text__isnull=False, number=None, choice=None, is_true=None, day=None)
                    | Q(text=None, number__isnull=False, choice=None, is_true=None, day=None)
                    | Q(text=None, number=None, choice__isnull=False, is_true=None, day=None)
                    | Q(text=None, number=None, choice=None, is_true__isnull=False, day=None)
                    | Q(text=None, number=None, choice=None, is_true=None, day__isnull=False)
                ),
                name="attribute_value_has_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attribute_id} of {self.product_id}"
