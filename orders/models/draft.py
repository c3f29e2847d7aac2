from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.cart import Cart
from orders.models.order import Order


class Draft(models.Model):
    """An order that staff put together: its cart can be changed, its order says what it costs.

    Sent, the order is pending and its link can be paid until `until`.
    """

    cart = models.OneToOneField(Cart, on_delete=models.PROTECT, related_name="draft")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="draft")
    # Set aside while the buyer thinks it over, or only once it is sent for.
    reserves = models.BooleanField(_("sets stock aside"), default=False)
    until = models.DateTimeField(_("offer ends"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    message = models.TextField(_("words to the buyer"), blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts and quotes")

    def __str__(self) -> str:
        return f"draft {self.order_id}"
