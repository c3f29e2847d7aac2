from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Box(models.Model):
    """What parcels are packed in. Sizes are of the inside."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    length_mm = models.PositiveIntegerField(_("length in mm"))
    width_mm = models.PositiveIntegerField(_("width in mm"))
    height_mm = models.PositiveIntegerField(_("height in mm"))
    tare_grams = models.PositiveIntegerField(_("own weight in grams"), default=0)
    max_grams = models.PositiveIntegerField(_("carries up to grams"))
    # Padding takes room: of what is inside when something fragile is packed.
    is_padded = models.BooleanField(_("for fragile goods"), default=False)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=3, default=Decimal(0))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("box")
        verbose_name_plural = _("boxes")
        constraints = [
            models.CheckConstraint(
                condition=Q(length_mm__gte=1, width_mm__gte=1, height_mm__gte=1, max_grams__gte=1),
                name="box_has_room",
            ),
        ]

    def __str__(self) -> str:
        return self.name
