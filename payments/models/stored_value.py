import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from orders.models import OrderLine


class ValueAccount(models.Model):
    """Money the shop owes somebody: a gift card, or a customer's store credit.

    Its balance is the sum of its entries; the database lets it fall to zero and no further.
    """

    class Kind(models.TextChoices):
        GIFT_CARD = "gift_card", _("Gift card")
        STORE_CREDIT = "store_credit", _("Store credit")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    currency = models.CharField(_("currency"), max_length=3)
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=3, default=Decimal(0))
    expires_on = models.DateField(
        _("expires"), null=True, blank=True, help_text=_("The last day it can be used.")
    )
    is_active = models.BooleanField(_("can be used"), default=True)
    created_at = models.DateTimeField(_("issued"))

    # Store credit belongs to a customer; a gift card to whoever knows its code.
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="value_accounts"
    )
    # A card's code is derived from `key` and never stored; it is found by its digest.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    last4 = models.CharField(_("ends in"), max_length=4, blank=True)

    # Where a bought card came from, and who gets it.
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="gift_cards"
    )
    unit = models.PositiveSmallIntegerField(_("unit of the line"), default=0)
    recipient_email = models.EmailField(_("sent to"), blank=True)
    recipient_name = models.CharField(_("for"), max_length=120, blank=True)
    words = models.CharField(_("words"), max_length=500, blank=True)
    send_on = models.DateField(_("send on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("gift card or credit")
        verbose_name_plural = _("gift cards and credit")
        constraints = [
            models.CheckConstraint(condition=Q(balance__gte=0), name="value_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="gift_card", digest__isnull=False)
                | Q(kind="store_credit", digest=None, customer__isnull=False),
                name="value_account_has_an_owner",
            ),
            models.UniqueConstraint(
                fields=["line", "unit"],
                condition=Q(line__isnull=False),
                name="value_one_card_per_unit",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="value_currency_is_iso"
            ),
        ]
        indexes = [models.Index(fields=["customer", "kind"], name="value_of_customer")]
        permissions = [
            ("issue_valueaccount", _("Can issue gift cards and credit")),
            ("adjust_valueaccount", _("Can correct balances")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.last4}" if self.last4 else f"{self.customer}"


class ValueEntry(models.Model):
    """One change of a balance. Append-only: the database refuses to change or delete it."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("Added")
        HOLD = "debit_hold", _("Held for an order")
        REVERT = "debit_revert", _("Given back")
        EXPIRE = "expire", _("Expired")
        ADJUST = "adjust", _("Corrected")

    account = models.ForeignKey(ValueAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    balance_after = models.DecimalField(_("balance after"), max_digits=14, decimal_places=3)
    # What caused it, once: "order-10482", "line-7-2", "refund-31".
    source = models.CharField(_("source"), max_length=80)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["account", "source", "kind"], name="value_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="value_entry_of_something"),
            models.CheckConstraint(
                condition=Q(balance_after__gte=0), name="value_entry_balance_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["credit", "debit_revert"], amount__gt=0)
                | Q(kind__in=["debit_hold", "expire"], amount__lt=0)
                | Q(kind="adjust"),
                name="value_entry_sign",
            ),
        ]
        indexes = [models.Index(fields=["account", "at"], name="value_history")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
