from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant


class BundlePart(models.Model):
    """Units of a part in a bundle. The bundle has a price of its own and no stock of its own."""

    bundle = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="part_of", verbose_name=_("part")
    )
    quantity = models.PositiveSmallIntegerField(_("units"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("part of a bundle")
        verbose_name_plural = _("parts of a bundle")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "part"], name="bundle_names_a_part_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="bundle_part_at_least_one"),
            models.CheckConstraint(
                condition=~Q(bundle=F("part")), name="bundle_is_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_id} in {self.bundle_id}"
