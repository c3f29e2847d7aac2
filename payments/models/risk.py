from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Order


class RiskRule(models.Model):
    """A sign that an order may be fraud, and how much it weighs."""

    class Kind(models.TextChoices):
        VELOCITY = "velocity", _("Many orders in a short time")
        COUNTRY_MISMATCH = "country_mismatch", _("Card from another country")
        ADDRESS_CHECK = "address_check", _("Postcode or CVC check failed")
        HIGH_VALUE = "high_value", _("High value")
        DISPOSABLE_MAIL = "disposable_mail", _("Disposable e-mail")
        PROVIDER_RISK = "provider_risk", _("The card provider warns")
        DECLINES = "declines", _("Cards were declined before")
        LISTED = "listed", _("On the shop's own list")
        KNOWN_CUSTOMER = "known_customer", _("Customer known to be good")

    kind = models.CharField(_("sign"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=80, unique=True)
    # By kind: {"by": "email"|"card"|"ip", "orders": 3, "hours": 24}, {"most": {"GBP": "500"}},
    # {"levels": ["elevated", "highest"]}, {"values": ["@spam.example", "NE1 1AA", "203.0.113.0/24"]}.
    params = models.JSONField(_("settings"), default=dict, blank=True)
    score = models.SmallIntegerField(
        _("points"), help_text=_("Below zero for a sign that an order is fine.")
    )
    is_active = models.BooleanField(_("counts"), default=True)

    class Meta:
        verbose_name = _("risk rule")
        verbose_name_plural = _("risk rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=-100, score__lte=100), name="risk_rule_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RiskPolicy(models.Model):
    """From how many points on an order waits for a person. One row."""

    hold_from = models.PositiveSmallIntegerField(_("hold from"), default=60)
    verify_everything = models.BooleanField(
        _("look at every order"), default=False, help_text=_("No order is confirmed by itself.")
    )

    class Meta:
        verbose_name = _("risk policy")
        verbose_name_plural = _("risk policy")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="risk_policy_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.hold_from)


class RiskAssessment(models.Model):
    """What the rules said of an order, and what a person made of it."""

    class Verdict(models.TextChoices):
        PASSED = "passed", _("Passed")
        HELD = "held", _("Waits for a person")
        ACCEPTED = "accepted", _("Accepted by a person")
        REJECTED = "rejected", _("Rejected")

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="risk")
    score = models.SmallIntegerField(_("points"))
    hold_from = models.PositiveSmallIntegerField(_("held from"))
    # Of each: the rule's id, its name and score, and in words what it saw.
    reasons = models.JSONField(_("reasons"), default=list)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    assessed_at = models.DateTimeField(_("assessed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        indexes = [
            models.Index(fields=["assessed_at"], name="risk_held", condition=Q(verdict="held")),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.score}"
