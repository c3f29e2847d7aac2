from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.customer import Customer
from accounts.models.user import User


class CustomerNote(models.Model):
    """What staff should know of a customer. The customer gets it, too, with an export."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("customer note")
        verbose_name_plural = _("customer notes")
        indexes = [models.Index(fields=["customer", "-at"], name="customer_note_newest")]

    def __str__(self) -> str:
        return self.text[:60]


class Visit(models.Model):
    """A page a customer looked at. Kept only while there is consent, and not for long."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="visits")
    path = models.CharField(_("page"), max_length=300)
    title = models.CharField(_("title"), max_length=200, blank=True)
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["customer", "-at"], name="visit_newest")]

    def __str__(self) -> str:
        return self.path
