from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer


class ProviderCustomer(models.Model):
    """What a provider calls one of our customers."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="provider_customers"
    )
    provider = models.CharField(_("provider"), max_length=20)
    provider_ref = models.CharField(_("provider's reference"), max_length=120)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("customer at a provider")
        verbose_name_plural = _("customers at providers")
        constraints = [
            models.UniqueConstraint(fields=["customer", "provider"], name="provider_customer_once"),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], name="provider_customer_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return self.provider_ref


class SavedCard(models.Model):
    """A card a customer pays with again: the provider keeps it, we know its last four digits."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="saved_cards")
    provider_ref = models.CharField(_("provider's reference"), max_length=120, unique=True)
    brand = models.CharField(_("brand"), max_length=20)
    last4 = models.CharField(_("ends in"), max_length=4)
    expires_on = models.DateField(_("good until"))
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("saved card")
        verbose_name_plural = _("saved cards")

    def __str__(self) -> str:
        return f"{self.brand} …{self.last4}"
