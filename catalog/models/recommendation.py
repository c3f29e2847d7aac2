from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.product import Product


class Recommendation(models.Model):
    """What to show beside a product, ready in order. Written by `catalog.services.recommendations`.

    Deleting all of them and computing them again loses nothing: what staff chose is in
    `Product.goes_with`.
    """

    class Kind(models.TextChoices):
        GOES_WITH = "goes_with", _("Bought together")
        RELATED = "related", _("Related")

    # The unique constraint is the index of it.
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="recommendations", db_index=False
    )
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField(default=0)
    # Of those who bought the product, how many bought the other; and how much more often than by
    # chance. Empty where nothing was counted.
    confidence = models.FloatField(null=True, blank=True)
    lift = models.FloatField(null=True, blank=True)
    # Baskets with both, and baskets with the product.
    together = models.PositiveIntegerField(default=0)
    baskets = models.PositiveIntegerField(default=0)
    # When the row last came out different.
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "kind", "other"], name="recommendation_once_per_kind"
            ),
            models.CheckConstraint(
                condition=~Q(product=F("other")), name="recommendation_of_something_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} {self.other_id}"
