import secrets

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from catalog.models import Market, Variant


def new_token() -> str:
    """192 bits: the cookie is the only key to a cart."""
    return secrets.token_urlsafe(24)


class Cart(models.Model):
    """What a shopper means to buy. Lives by its token; ends as at most one order."""

    token = models.CharField(max_length=40, unique=True, default=new_token)
    # The name under which inventory keeps what is reserved while this shopper pays.
    holder = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="+")
    # Whoever is signed in, for their prices; a guest is nobody.
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="carts"
    )
    # Where delivery and tax are estimated for, when the shopper said so.
    country = models.CharField(_("country"), max_length=2, blank=True)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("changed"), db_index=True)
    ordered_at = models.DateTimeField(_("ordered"), null=True, blank=True)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")

    def __str__(self) -> str:
        return f"cart {self.pk}"


class CartLine(models.Model):
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    # The price when it was put in, so that a change since can be told.
    price_seen = models.DecimalField(_("price seen"), max_digits=14, decimal_places=3)
    added_at = models.DateTimeField(_("added"))
    # Agreed with a buyer by staff; only in the cart behind a draft.
    agreed_price = models.DecimalField(
        _("agreed price"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    # What was asked for on top, as orders.services.extras writes it, and its digest.
    answers = models.JSONField(_("extras"), default=list, blank=True)
    answers_key = models.CharField(max_length=32, default="", blank=True)

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "variant", "answers_key"], name="cart_line_once_per_variant"
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 999)), name="cart_line_quantity_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"


class CartCode(models.Model):
    """A code the shopper entered: of a promotion, or of a gift card (then only its digest)."""

    class Kind(models.TextChoices):
        COUPON = "coupon", _("Code")
        GIFT_CARD = "gift_card", _("Gift card")

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="codes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # The code in capitals, or the gift card's digest.
    value = models.CharField(_("code"), max_length=64)
    # What may be shown of it: the code, or a card's last four characters.
    shown = models.CharField(_("shown"), max_length=40)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("code in a cart")
        verbose_name_plural = _("codes in a cart")
        constraints = [
            models.UniqueConstraint(fields=["cart", "kind", "value"], name="cart_code_once"),
        ]

    def __str__(self) -> str:
        return self.shown
