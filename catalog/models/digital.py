from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant


class DigitalFile(models.Model):
    """A file that is handed over by link after payment. Kept apart from public media."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(_("file"), upload_to="private/files/%Y/%m/", max_length=255)
    days = models.PositiveSmallIntegerField(
        _("days the link lives"), default=30, help_text=_("From the payment on.")
    )
    downloads = models.PositiveSmallIntegerField(_("downloads per unit"), default=5)

    class Meta:
        verbose_name = _("digital file")
        verbose_name_plural = _("digital files")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=1, downloads__gte=1), name="digital_file_can_be_fetched"
            ),
        ]

    def __str__(self) -> str:
        return self.name
