from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class SavedView(models.Model):
    """A list in the admin as one person left it: filters, search and order under a name."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(_("list"), max_length=60, help_text=_("catalog.product"))
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("address part"), max_length=1000)
    is_shared = models.BooleanField(_("for everybody"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_once"),
        ]

    def __str__(self) -> str:
        return self.name
