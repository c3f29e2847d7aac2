import datetime as dt
from decimal import Decimal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class PaymentQuerySet(models.QuerySet["Payment"]):
    def waiting(self, *, now: dt.datetime) -> "PaymentQuerySet":
        """Whose provider may have more to tell: open for two minutes and not asked about in the
        last one, or holding money and not asked about for an hour."""
        is_open = Q(is_open=True, created_at__lte=now - dt.timedelta(minutes=2))
        is_held = Q(is_manual=True, authorized__gt=0)
        rows = self.filter(
            is_open & _unasked(now - dt.timedelta(minutes=1))
            | is_held & _unasked(now - dt.timedelta(hours=1)),
            provider="card",
        )
        return rows.order_by("checked_at", "pk")


def _unasked(since: dt.datetime) -> Q:
    return Q(checked_at=None) | Q(checked_at__lte=since)


class Payment(models.Model):
    """One attempt to pay an order. Its sums are folded from its events, never typed."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(_("provider"), max_length=20)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    # What the provider calls it: a Checkout Session, a transfer's reference.
    provider_ref = models.CharField(_("provider's reference"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    # Held and not charged (yet): on a gift card, at a provider.
    authorized = models.DecimalField(
        _("held"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    # Of what is held: asked of the provider, not answered yet.
    charge_pending = models.DecimalField(
        _("being taken"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    charged = models.DecimalField(_("charged"), max_digits=14, decimal_places=3, default=Decimal(0))
    refund_pending = models.DecimalField(
        _("being refunded"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    refunded = models.DecimalField(
        _("refunded"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    # Taken back by the buyer's bank: while a dispute is open, and for good when it is lost.
    disputed = models.DecimalField(
        _("disputed"), max_digits=14, decimal_places=3, default=Decimal(0), db_default=Decimal(0)
    )
    # Hold the money when the order is placed, take it later.
    is_manual = models.BooleanField(_("hold first"), default=False, db_default=False)
    # The provider's own payment behind the page: charges, disputes and payouts name it.
    charge_ref = models.CharField(
        _("provider's payment"), max_length=120, blank=True, db_default="", db_index=True
    )
    # Of a card: {"brand", "last4", "country", "funding", "risk_level", "risk_score", "checks"}.
    card = models.JSONField(_("card"), default=dict, blank=True, db_default={})
    # The provider's mark of one card, the same wherever it is used again.
    fingerprint = models.CharField(max_length=64, blank=True, db_default="", db_index=True)
    is_open = models.BooleanField(_("open"), default=True, help_text=_("May still be charged."))
    created_at = models.DateTimeField(_("started"))
    checked_at = models.DateTimeField(_("last asked"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "provider", "attempt"], name="payment_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="payment_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(charged__gte=F("refunded") + F("refund_pending")),
                name="payment_refunds_within_charged",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded__gte=0, refund_pending__gte=0, authorized__gte=0, disputed__gte=0
                ),
                name="payment_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(charge_pending__gte=0, charge_pending__lte=F("authorized")),
                name="payment_takes_what_is_held",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="payment_open", condition=Q(is_open=True)),
        ]
        permissions = [
            ("capture_payment", _("Can take held money")),
            ("void_payment", _("Can let held money go")),
            ("refund_payment", _("Can refund")),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.provider} {self.amount} {self.currency}"

    @property
    def idempotency_key(self) -> str:
        """The same for every retry of this attempt, so that a provider acts once."""
        return f"order-{self.order_id}-{self.provider}-{self.attempt}"


class PaymentEvent(models.Model):
    """What was asked of a provider and what it answered. Append-only."""

    class Kind(models.TextChoices):
        AUTHORIZE = "authorize", _("Authorise")
        CHARGE = "charge", _("Charge")
        REFUND = "refund", _("Refund")
        VOID = "void", _("Void")
        CHARGE_BACK = "charge_back", _("Charge back")

    class Stage(models.TextChoices):
        REQUEST = "request", _("Asked")
        SUCCESS = "success", _("Done")
        FAILURE = "failure", _("Refused")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    provider = models.CharField(_("provider"), max_length=20)
    provider_ref = models.CharField(_("provider's reference"), max_length=120)
    message = models.CharField(_("message"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    data = models.JSONField(_("data"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("payment event")
        verbose_name_plural = _("payment events")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref", "kind", "stage"], name="payment_event_once"
            ),
        ]
        indexes = [models.Index(fields=["payment", "at"], name="payment_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.stage} {self.amount}"
