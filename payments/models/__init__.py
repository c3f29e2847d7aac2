from payments.models.payment import Payment, PaymentEvent
from payments.models.refund import Refund
from payments.models.stored_value import ValueAccount, ValueEntry
from payments.models.webhook import WebhookEvent

__all__ = ["Payment", "PaymentEvent", "Refund", "ValueAccount", "ValueEntry", "WebhookEvent"]
