from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderRule(models.Model):
    """When this happens to an order and all of that is true, do those things. Written by staff."""

    class When(models.TextChoices):
        PLACED = "placed", _("An order is placed")
        CONFIRMED = "confirmed", _("An order is confirmed")
        PAID = "paid", _("An order is paid")
        SHIPPED = "shipped", _("All of an order is sent")
        CANCELED = "canceled", _("An order is cancelled")
        RETURN_REQUESTED = "return_requested", _("A return is asked for")

    name = models.CharField(_("name"), max_length=80, unique=True)
    when = models.CharField(_("when"), max_length=20, choices=When)
    # [{"fact": "total", "test": "at_least", "value": "200"}]: all must hold.
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    # [{"do": "tag", "value": "gift"}], in this order.
    actions = models.JSONField(_("actions"), default=list)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("rule for orders")
        verbose_name_plural = _("rules for orders")

    def __str__(self) -> str:
        return self.name


class OrderRuleRun(models.Model):
    """That a rule met an order, and what it did. Once per rule, order and occasion. Append-only."""

    rule = models.ForeignKey(OrderRule, on_delete=models.CASCADE, related_name="runs")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="rule_runs")
    occasion = models.CharField(max_length=60)
    # Each action with "done" and what it did in "words".
    done = models.JSONField(_("done"), default=list)
    at = models.DateTimeField(_("at"), db_index=True)

    class Meta:
        verbose_name = _("run of a rule")
        verbose_name_plural = _("runs of rules")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "order", "occasion"], name="order_rule_run_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.order_id}"
