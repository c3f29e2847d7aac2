from payments.admin.payments import PaymentAdmin, RefundAdmin, WebhookEventAdmin
from payments.admin.value_accounts import ValueAccountAdmin

__all__ = ["PaymentAdmin", "RefundAdmin", "ValueAccountAdmin", "WebhookEventAdmin"]
