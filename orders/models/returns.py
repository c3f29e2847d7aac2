from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import Location
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.return_policy import ReturnReason
from shop.lib.events import Transition


class Return(models.Model):
    """Goods of an order that come back for money, or to be exchanged."""

    class Kind(models.TextChoices):
        RETURN = "return", _("Return")
        # Article 9 of Directive 2011/83/EU: no reason, no "no".
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        IN_TRANSIT = "in_transit", _("On its way")
        RECEIVED = "received", _("Received")
        INSPECTED = "inspected", _("Inspected")
        CLOSED = "closed", _("Closed")
        DECLINED = "declined", _("Declined")
        CANCELED = "canceled", _("Cancelled")
        EXPIRED = "expired", _("Never sent")

    class Wish(models.TextChoices):
        REFUND = "origin", _("Money back, the way it was paid")
        STORE_CREDIT = "store_credit", _("Store credit")
        GIFT_CARD = "gift_card", _("A gift card")
        EXCHANGE = "exchange", _("Another piece")

    class Way(models.TextChoices):
        LABEL = "label", _("With a label of ours")
        OWN = "own", _("The customer sends it")
        COUNTER = "counter", _("Brought to a shop")
        KEEP = "keep", _("Kept by the customer")

    MOVES: ClassVar[dict[str, set[str]]] = {
        Status.REQUESTED: {Status.APPROVED, Status.DECLINED, Status.CANCELED},
        # Kept goods are never sent: approved, then closed.
        Status.APPROVED: {
            Status.IN_TRANSIT,
            Status.RECEIVED,
            Status.CLOSED,
            Status.CANCELED,
            Status.EXPIRED,
        },
        Status.IN_TRANSIT: {Status.RECEIVED, Status.EXPIRED},
        Status.RECEIVED: {Status.INSPECTED},
        Status.INSPECTED: {Status.CLOSED},
        Status.CLOSED: set(),
        Status.DECLINED: set(),
        Status.CANCELED: set(),
        # It came after all.
        Status.EXPIRED: {Status.RECEIVED},
    }
    OPEN: ClassVar[tuple[str, ...]] = (
        Status.REQUESTED,
        Status.APPROVED,
        Status.IN_TRANSIT,
        Status.RECEIVED,
        Status.INSPECTED,
    )

    # RMA-10001; from a sequence.
    number = models.CharField(_("RMA number"), max_length=20, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RETURN)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REQUESTED)
    wish = models.CharField(_("wanted"), max_length=12, choices=Wish, default=Wish.REFUND)
    way = models.CharField(_("comes back"), max_length=10, choices=Way, default=Way.OWN)
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("comes back to"),
    )
    # The statement's own words, of a withdrawal; nobody is asked for them.
    words = models.TextField(_("message"), blank=True)
    # What was shown when it was asked for, after the fee; what is granted follows the inspection.
    expected = models.DecimalField(
        _("expected refund"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    fee = models.DecimalField(_("fee"), max_digits=14, decimal_places=3, default=Decimal(0))
    with_delivery = models.BooleanField(_("delivery goes back too"), default=False)
    decline_reason = models.CharField(_("why not"), max_length=300, blank=True)
    # Who asked; None: the buyer or a guest by the order's page.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("asked"))
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # Approved and not sent by then: it expires.
    send_by = models.DateField(_("to be sent by"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    carrier = models.CharField(_("carrier"), max_length=40, blank=True)
    tracking_number = models.CharField(
        _("tracking number"), max_length=60, blank=True, db_index=True
    )
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.CheckConstraint(
                condition=Q(expected__gte=0, fee__gte=0), name="return_sums_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="withdrawal") | ~Q(status="declined"),
                name="return_withdrawal_is_never_declined",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "requested_at"], name="return_queue"),
            models.Index(fields=["order", "requested_at"], name="return_of_order"),
        ]
        permissions = [
            ("approve_return", _("Can approve and decline returns")),
            ("receive_return", _("Can receive and inspect returns")),
            ("settle_return", _("Can settle returns")),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """Units of an order line that come back."""

    rma = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="return_lines")
    quantity = models.PositiveIntegerField(_("quantity"))
    reason = models.ForeignKey(
        ReturnReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    received = models.PositiveIntegerField(_("received"), default=0)

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of a return")
        constraints = [
            models.UniqueConstraint(fields=["rma", "order_line"], name="return_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_line_not_empty"),
            models.CheckConstraint(
                condition=Q(received__lte=F("quantity")), name="return_line_within_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.order_line_id}"


class ReturnCheck(models.Model):
    """What somebody found when opening the parcel: units of a line, and what became of them."""

    class Disposition(models.TextChoices):
        RESTOCKED = "restocked", _("Back on the shelf")
        NOT_RESTOCKED = "not_restocked", _("Not to be sold again")
        PROCESSING_REQUIRED = "processing_required", _("To be mended or cleaned")
        MISSING = "missing", _("Not in the parcel")

    line = models.ForeignKey(ReturnLine, on_delete=models.CASCADE, related_name="checks")
    disposition = models.CharField(_("found"), max_length=20, choices=Disposition)
    quantity = models.PositiveIntegerField(_("units"))
    # Nothing is given back for units that were used up or swapped.
    is_refused = models.BooleanField(_("no refund"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_check_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.disposition}"


class ReturnEvent(Transition):
    rma = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="events")

    class Meta(Transition.Meta):
        verbose_name = _("return event")
        verbose_name_plural = _("return events")
