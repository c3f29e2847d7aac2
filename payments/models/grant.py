from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Claim, Order, OrderLine, Return, TaxLine


class GrantedRefund(models.Model):
    """The decision to give money back on an order, apart from the money that follows.

    Its lines say what for; refunds of payments say how. A credit note is written from it.
    """

    class To(models.TextChoices):
        ORIGIN = "origin", _("The way it was paid")
        STORE_CREDIT = "store_credit", _("Store credit")
        GIFT_CARD = "gift_card", _("A new gift card")

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund")
        CANCELLATION = "cancellation", _("Cancellation")
        GOODWILL = "goodwill", _("Goodwill")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="granted_refunds")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.REFUND)
    # What it is given for, when it is a return or a claim.
    rma = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    to = models.CharField(_("to"), max_length=12, choices=To, default=To.ORIGIN)
    reason = models.CharField(_("reason"), max_length=200)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)
    # What of it was never paid, so that no money moves: a cancelled invoice.
    unpaid = models.DecimalField(
        _("never paid"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(_("granted"))
    # When the last of its money had arrived.
    settled_at = models.DateTimeField(_("paid out"), null=True, blank=True)
    # The form it came from, so that a second click finds the first grant.
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("granted refund")
        verbose_name_plural = _("granted refunds")
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax")), name="grant_net_plus_tax_is_total"
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0, net__gte=0, tax__gte=0), name="grant_of_something"
            ),
            models.CheckConstraint(
                condition=Q(unpaid__gte=0, unpaid__lte=F("total")), name="grant_unpaid_within_total"
            ),
        ]
        indexes = [
            models.Index(fields=["granted_at"], name="grant_waiting", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.total}"


class GrantedLine(models.Model):
    """What of a granted refund is for which line (or for delivery, without one). Append-only."""

    grant = models.ForeignKey(GrantedRefund, on_delete=models.PROTECT, related_name="lines")
    # Whose tax it takes back: every line and each share of delivery has its own.
    tax_line = models.ForeignKey(TaxLine, on_delete=models.PROTECT, related_name="granted")
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="granted"
    )
    # Units taken back; 0 where only the price was lowered.
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    gross = models.DecimalField(_("gross"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("line of a granted refund")
        verbose_name_plural = _("lines of a granted refund")
        constraints = [
            models.UniqueConstraint(fields=["grant", "tax_line"], name="granted_line_once"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("tax")), name="granted_line_net_plus_tax_is_gross"
            ),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0), name="granted_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.gross}"
