import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.lib.secrets import SecretField


class WebhookEndpoint(models.Model):
    """An address of the merchant's own systems that is told what happens here."""

    name = models.CharField(_("name"), max_length=60)
    url = models.URLField(_("address"), max_length=500)
    # Signs what is sent; two are valid while one replaces the other.
    secret = SecretField(_("secret"), editable=False)
    old_secret = SecretField(_("secret until changed"), blank=True, editable=False)
    # "order.placed", "stock.changed" …; "order.*" for all of a kind.
    topics = ArrayField(models.CharField(max_length=40), verbose_name=_("told of"))
    is_active = models.BooleanField(_("in use"), default=True)
    # The circuit breaker: so many failures in a row, and nothing is sent before `closed_until`.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    closed_until = models.DateTimeField(_("not asked before"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class WebhookEvent(models.Model):
    """One thing that happened, as it is told: the same words to every endpoint and every time."""

    uid = models.UUIDField(_("id"), default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(_("topic"), max_length=40)
    # Told once for one cause: "order-10482-paid".
    key = models.CharField(_("key"), max_length=150, unique=True)
    # What it is about, to find all that was told of one order: "order-10482".
    subject = models.CharField(_("about"), max_length=80, db_index=True)
    payload = models.JSONField(_("payload"), encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("happened"))

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        indexes = [models.Index(fields=["-at", "-id"], name="webhook_event_newest")]

    def __str__(self) -> str:
        return f"{self.topic} {self.subject}"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint: every try counts, the last answer is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries"
    )
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # Staff sent it again: a delivery of its own.
    is_replay = models.BooleanField(_("sent again"), default=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"))
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    # HTTP status, milliseconds, the first words of the answer; or why there was none.
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    took_ms = models.PositiveIntegerField(_("took (ms)"), null=True, blank=True)
    answer = models.CharField(_("words"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "event"],
                condition=Q(is_replay=False),
                name="webhook_delivery_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="webhook_delivery_due", condition=Q(state="waiting")
            ),
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint_id}"
