from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product


class Collection(models.Model):
    """Products that belong together across shelves, chosen by hand or by rules."""

    class Kind(models.TextChoices):
        MANUAL = "manual", _("Chosen by hand")
        RULES = "rules", _("By rules")

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True)
    image = models.ImageField(_("picture"), upload_to="collections/", blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MANUAL)
    # [{"field": "price", "op": "lt", "value": "25"}, …]: see catalog.services.collections.
    rules = models.JSONField(_("rules"), default=list, blank=True)
    match_all = models.BooleanField(
        _("all rules have to hold"), default=True, help_text=_("Otherwise one is enough.")
    )
    is_active = models.BooleanField(_("shown"), default=True)
    meta_title = models.CharField(_("SEO title"), max_length=120, blank=True)
    meta_description = models.CharField(_("SEO description"), max_length=200, blank=True)
    refreshed_at = models.DateTimeField(_("refreshed"), null=True, blank=True, editable=False)
    products = models.ManyToManyField(
        Product, through="CollectionEntry", related_name="collections", blank=True
    )

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:collection", args=[self.slug])


class CollectionEntry(models.Model):
    """A product in a collection, and its place there."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="entries")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("product in a collection")
        verbose_name_plural = _("products in a collection")
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "product"], name="collection_holds_a_product_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.collection_id}"
