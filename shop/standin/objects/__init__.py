"""The things Stripe knows, as far as the shop meets them. Amounts are in the minor unit."""

from shop.standin.objects.balance import Movement, Payout
from shop.standin.objects.disputes import Dispute, Upload
from shop.standin.objects.paying import Charge, Intent, Refund
from shop.standin.objects.people import Customer, Method
from shop.standin.objects.records import Delivery, Event, Replay
from shop.standin.objects.session import Session
from shop.standin.objects.wire import Json

Resource = (
    Session
    | Intent
    | Charge
    | Refund
    | Customer
    | Method
    | Dispute
    | Upload
    | Movement
    | Payout
    | Event
)
Row = Resource | Delivery | Replay

__all__ = [
    "Charge",
    "Customer",
    "Delivery",
    "Dispute",
    "Event",
    "Intent",
    "Json",
    "Method",
    "Movement",
    "Payout",
    "Refund",
    "Replay",
    "Resource",
    "Row",
    "Session",
    "Upload",
]
