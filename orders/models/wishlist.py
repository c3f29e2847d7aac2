import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Market, Variant


def new_key() -> str:
    return secrets.token_urlsafe(18)


class Wishlist(models.Model):
    """Pieces kept for later. Lives by a cookie's token, or belongs to an account."""

    token = models.CharField(max_length=40, unique=True, default=new_key)
    # What a shared address carries: shows the list, changes nothing.
    share_key = models.CharField(max_length=40, unique=True, default=new_key)
    is_shared = models.BooleanField(_("shared"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="wishlists",
    )
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"), db_index=True)

    class Meta:
        verbose_name = _("wish list")
        verbose_name_plural = _("wish lists")

    def __str__(self) -> str:
        return self.name


class WishlistLine(models.Model):
    wishlist = models.ForeignKey(Wishlist, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    price_seen = models.DecimalField(_("price seen"), max_digits=14, decimal_places=3)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [
            models.UniqueConstraint(fields=["wishlist", "variant"], name="wish_once_per_list"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} on {self.wishlist_id}"
