from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Redirect(models.Model):
    """An address that moved. Below the market's prefix: "/p/old-mug/" serves every market.

    Written by `catalog.services.redirects`, which keeps chains one step long.
    """

    old_path = models.CharField(_("old address"), max_length=300, unique=True)
    new_path = models.CharField(_("new address"), max_length=300, db_index=True)
    is_automatic = models.BooleanField(_("made by the shop"), default=False)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_path=F("new_path")), name="redirect_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(old_path__startswith="/", new_path__startswith="/"),
                name="redirect_stays_in_the_shop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_path} > {self.new_path}"
