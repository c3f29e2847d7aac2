from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from shop.lib.events import Transition


class OrderEvent(Transition):
    """One move of one order on one axis: status, payment, fulfilment, return."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        indexes = [models.Index(fields=["order", "at"], name="order_history")]


class Hold(models.Model):
    """A stop sign on an order until somebody takes it away."""

    class Kind(models.TextChoices):
        HIGH_RISK = "high_risk", _("May be fraud")
        PAYMENT_MISMATCH = "payment_mismatch", _("Paid another amount")
        DISPUTE = "dispute", _("The bank wants the money back")
        ADDRESS = "address", _("Address to be checked")
        OUT_OF_STOCK = "out_of_stock", _("Not in stock")
        RULE = "rule", _("A rule of the shop")
        CALL = "call", _("Customer to be called")
        OTHER = "other", _("Other")

    kind = models.CharField(
        _("kind"), max_length=20, choices=Kind, default=Kind.OTHER, db_default=Kind.OTHER
    )
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(_("reason"), max_length=200)
    placed_at = models.DateTimeField(_("since"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("until"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"],
                condition=models.Q(released_at=None) & ~models.Q(kind="other"),
                name="hold_once_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["placed_at", "order"],
                name="hold_open",
                condition=models.Q(released_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
