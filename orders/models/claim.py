from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.edit import OrderEdit
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.returns import Return
from shop.lib.events import Transition


class Claim(models.Model):
    """Something went wrong with what was sent: usually nothing has to come back."""

    class Kind(models.TextChoices):
        DAMAGED = "damaged", _("Arrived broken")
        WRONG = "wrong", _("Wrong piece")
        MISSING = "missing", _("Missing from the parcel")
        LOST = "lost", _("Parcel never came")
        DEFECT = "defect", _("Faulty later on")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        INVESTIGATING = "investigating", _("Asked the carrier")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        SETTLED = "settled", _("Settled")
        CANCELED = "canceled", _("Withdrawn")

    class Outcome(models.TextChoices):
        REFUND = "refund", _("Money back")
        REPLACE = "replace", _("Sent again")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.OPEN: {Status.INVESTIGATING, Status.ACCEPTED, Status.DECLINED, Status.CANCELED},
        Status.INVESTIGATING: {Status.ACCEPTED, Status.DECLINED, Status.CANCELED},
        Status.ACCEPTED: {Status.SETTLED},
        Status.DECLINED: {Status.OPEN},
        Status.SETTLED: set(),
        Status.CANCELED: set(),
    }

    # CL-10001; from a sequence.
    number = models.CharField(_("number"), max_length=20, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="claims")
    # The id of the fulfilment it is about; shipping lives further up.
    parcel = models.BigIntegerField(_("parcel"), null=True, blank=True, db_index=True)
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    status = models.CharField(_("status"), max_length=14, choices=Status, default=Status.OPEN)
    wish = models.CharField(_("wanted"), max_length=10, choices=Outcome, default=Outcome.REFUND)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    words = models.TextField(_("message"), blank=True)
    decline_reason = models.CharField(_("why not"), max_length=300, blank=True)
    # What the carrier pays for it, in the books' currency; None: not (yet) asked or refused.
    carrier_pays = models.DecimalField(
        _("the carrier pays"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    # Answered by then.
    due_at = models.DateTimeField(_("answer by"), db_index=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # The change that brought the replacement into the order.
    edit = models.OneToOneField(
        OrderEdit, on_delete=models.PROTECT, null=True, blank=True, related_name="claim"
    )
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="settled") | ~Q(outcome=""), name="claim_settled_somehow"
            ),
        ]
        indexes = [models.Index(fields=["status", "due_at"], name="claim_queue")]
        permissions = [("settle_claim", _("Can decide claims"))]

    def __str__(self) -> str:
        return self.number


class ClaimLine(models.Model):
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="claim_lines")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of a claim")
        constraints = [
            models.UniqueConstraint(fields=["claim", "order_line"], name="claim_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="claim_line_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.order_line_id}"


class ClaimEvent(Transition):
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("claim event")
        verbose_name_plural = _("claim events")


class CasePhoto(models.Model):
    """A picture a buyer sent with a return or a claim, written anew by us before it is kept."""

    rma = models.ForeignKey(
        Return, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.FileField(_("file"), upload_to="private/cases/%Y/%m/", max_length=255)
    added_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("picture of a case")
        verbose_name_plural = _("pictures of cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(rma=None, claim__isnull=False) | Q(rma__isnull=False, claim=None),
                name="case_photo_of_one_case",
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
