from payments.views.balance import balance
from payments.views.documents import document
from payments.views.pay import back, begin_payment, pay, webhook
from payments.views.transfer import transfer_code

__all__ = ["back", "balance", "begin_payment", "document", "pay", "transfer_code", "webhook"]
