from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Variant


class LicenceKey(models.Model):
    """One key of a variant's pool. Taken by one holder (an order line), and never twice."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="keys")
    code = models.CharField(_("key"), max_length=255)
    holder = models.UUIDField(_("holder"), null=True, blank=True, db_index=True)
    added_at = models.DateTimeField(_("added"))
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)

    class Meta:
        verbose_name = _("licence key")
        verbose_name_plural = _("licence keys")
        constraints = [
            models.UniqueConstraint(fields=["variant", "code"], name="licence_key_once"),
            models.CheckConstraint(
                condition=Q(holder=None, taken_at=None)
                | Q(holder__isnull=False, taken_at__isnull=False),
                name="licence_key_taken_has_a_holder",
            ),
        ]
        indexes = [
            models.Index(fields=["variant", "id"], condition=Q(holder=None), name="licence_free")
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} …{self.code[-4:]}"
