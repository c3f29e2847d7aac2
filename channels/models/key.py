from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiKey(models.Model):
    """A key to the API. Shown once; what is kept can't be turned back into it."""

    name = models.CharField(_("name"), max_length=60)
    # The first letters, to tell keys apart: "mk_8Fq3xZ1c".
    prefix = models.CharField(_("begins with"), max_length=16, unique=True)
    # SHA-256 of the whole: a random key of 256 bits needs no slow hash.
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    # "orders:read", "stock:write" …
    scopes = ArrayField(models.CharField(max_length=30), verbose_name=_("may"))
    # Requests a minute.
    limit = models.PositiveIntegerField(_("requests a minute"), default=120)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class ApiCall(models.Model):
    """The answer to a write with an Idempotency-Key: asked again, it is given again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="calls")
    key = models.CharField(_("Idempotency-Key"), max_length=255)
    # SHA-256 of method, path and body: the same key for something else is refused.
    request_hash = models.CharField(max_length=64)
    # Empty while it is being worked on.
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    answer = models.JSONField(_("answer"), null=True, blank=True, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="api_call_once"),
        ]

    def __str__(self) -> str:
        return self.key
