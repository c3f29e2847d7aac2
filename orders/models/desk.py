from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderFile(models.Model):
    """Something staff keep with an order: a letter, a picture, a signed form."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to="private/orders/%Y/%m/", max_length=255)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(_("kind"), max_length=60)
    size = models.PositiveIntegerField(_("bytes"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("file of an order")
        verbose_name_plural = _("files of orders")

    def __str__(self) -> str:
        return self.name


class CallTask(models.Model):
    """A buyer is to be called before the order moves on. Open until an outcome decides it."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELED = "canceled", _("Cancelled by the buyer")
        GIVEN_UP = "given_up", _("Never reached")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="calls")
    reason = models.CharField(_("reason"), max_length=200)
    phone = models.CharField(_("phone"), max_length=30)
    script = models.TextField(_("what to say"), blank=True)
    due_at = models.DateTimeField(_("call from"))
    created_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(closed_at=None), name="call_open_once_an_order"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="call_closed_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="call_open"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"


class CallAttempt(models.Model):
    """One time the phone rang. Append-only."""

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        NO_ANSWER = "no_answer", _("No answer")
        CALL_BACK = "call_back", _("Wants to be called later")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        CANCELED = "canceled", _("Cancels")

    task = models.ForeignKey(CallTask, on_delete=models.CASCADE, related_name="attempts")
    result = models.CharField(_("result"), max_length=12, choices=Result)
    note = models.CharField(_("note"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attempt to call")
        verbose_name_plural = _("attempts to call")

    def __str__(self) -> str:
        return self.get_result_display()
