from django.db import models
from django.utils.translation import gettext_lazy as _


class SafetyParty(models.Model):
    """Who answers for a product's safety: its manufacturer, or who stands for them in the EU.

    What Regulation (EU) 2023/988, Art. 19 asks a shop to show.
    """

    name = models.CharField(_("name or trade mark"), max_length=120)
    address = models.TextField(_("postal address"), max_length=400)
    country = models.CharField(_("country"), max_length=2)
    contact = models.CharField(
        _("electronic address"), max_length=200, help_text=_("E-mail or web address.")
    )

    class Meta:
        verbose_name = _("manufacturer or responsible person")
        verbose_name_plural = _("manufacturers and responsible persons")

    def __str__(self) -> str:
        return self.name
