import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models.category import Category
from catalog.models.safety import SafetyParty
from catalog.models.tax import TaxClass
from shop.lib.history import History

if TYPE_CHECKING:
    from catalog.models.attribute import Attribute, TypeAttribute


class ProductType(models.Model):
    """What a kind of product has in common: its tax class, and whether it travels in a parcel."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80)
    tax_class = models.ForeignKey(
        TaxClass, on_delete=models.PROTECT, related_name="+", verbose_name=_("tax class")
    )
    is_shipped = models.BooleanField(_("travels in a parcel"), default=True)
    is_gift_card = models.BooleanField(
        _("is a gift card"),
        default=False,
        help_text=_("Each unit becomes a card worth what was paid for it."),
    )
    sku_pattern = models.CharField(
        _("SKU pattern"),
        max_length=60,
        default="{product}-{values}",
        help_text=_("Made of {product}, {values}, {type} and {number}."),
    )
    attributes: "models.ManyToManyField[Attribute, TypeAttribute]" = models.ManyToManyField(
        "Attribute", through="TypeAttribute", related_name="types", blank=True
    )

    class Meta:
        verbose_name = _("product type")
        verbose_name_plural = _("product types")

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self, *, now: dt.datetime) -> "ProductQuerySet":
        """What shoppers may see and buy."""
        still = Q(unpublished_at=None) | Q(unpublished_at__gt=now)
        return self.filter(still, status__in=Product.SOLD, published_at__lte=now)


class Product(models.Model):
    class Status(models.TextChoices):
        IDEA = "idea", _("Idea")
        SOURCING = "sourcing", _("Sourcing")
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        PHASE_OUT = "phase_out", _("Selling out")
        ARCHIVED = "archived", _("Archived")

    SOLD = (Status.ACTIVE, Status.PHASE_OUT)

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    subtitle = models.CharField(_("subtitle"), max_length=160, blank=True)
    type = models.ForeignKey(
        ProductType, on_delete=models.PROTECT, related_name="products", verbose_name=_("type")
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("category"),
    )
    brand = models.CharField(_("brand"), max_length=100, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("HTML; cleaned when saved.")
    )
    specs = models.JSONField(
        _("specification"), default=list, blank=True, help_text=_('Rows: [["Height", "9.8 cm"]].')
    )
    care = models.CharField(_("care"), max_length=200, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(_("on sale from"), null=True, blank=True)
    unpublished_at = models.DateTimeField(_("on sale until"), null=True, blank=True)
    popularity = models.PositiveIntegerField(_("popularity"), default=0)
    goes_with = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="+")
    meta_title = models.CharField(_("SEO title"), max_length=120, blank=True)
    meta_description = models.CharField(_("SEO description"), max_length=200, blank=True)
    manufacturer = models.ForeignKey(
        SafetyParty, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible = models.ForeignKey(
        SafetyParty,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person in the EU"),
        help_text=_("Needed where the manufacturer is outside the EU."),
    )
    # By language: {"en": "Keep away from small children.", "de": "…"}.
    warnings = models.JSONField(_("warnings"), default=dict, blank=True)
    needs_no_warning = models.BooleanField(
        _("needs no warning"), default=False, help_text=_("Somebody has looked and found none.")
    )
    # Kept by catalog.services.completeness: 0 to 100, and the codes of what is missing.
    completeness = models.PositiveSmallIntegerField(_("complete"), default=0, editable=False)
    gaps = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    # Where an imported product came from, so that importing it again finds it.
    source = models.CharField(_("source"), max_length=20, blank=True)
    source_ref = models.CharField(_("reference there"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    history = History(excluded=("popularity", "completeness", "gaps"))

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_ref"],
                condition=~Q(source=""),
                name="product_imported_once",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "phase_out"]) | Q(published_at__isnull=False),
                name="product_sold_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(unpublished_at=None) | Q(unpublished_at__gt=F("published_at")),
                name="product_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(completeness__lte=100), name="product_completeness_is_per_cent"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "published_at"], name="product_status_published"),
            models.Index(fields=["-updated_at"], name="product_recent"),
            models.Index(fields=["completeness", "id"], name="product_worst_first"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    def is_on_sale(self, *, now: dt.datetime) -> bool:
        has_begun = self.published_at is not None and self.published_at <= now
        is_over = self.unpublished_at is not None and self.unpublished_at <= now
        return self.status in self.SOLD and has_begun and not is_over
