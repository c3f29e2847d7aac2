from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from catalog.models.product import Product


class Review(models.Model):
    """What a buyer says of a product, 1 to 5 stars."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", _("Refused")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    # Who wrote it, when signed in.
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="reviews"
    )
    author = models.CharField(_("author"), max_length=60)
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("text"), max_length=4000)
    is_verified = models.BooleanField(_("verified buyer"), default=False)
    reply = models.TextField(_("our reply"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__range=(1, 5)), name="review_one_to_five_stars"
            ),
        ]
        indexes = [models.Index(fields=["product", "status", "-written_at"], name="review_listing")]

    def __str__(self) -> str:
        return f"{self.stars} – {self.author}"
