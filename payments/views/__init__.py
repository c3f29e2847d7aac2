from payments.views.balance import balance
from payments.views.pay import back, begin_payment, pay, webhook

__all__ = ["back", "balance", "begin_payment", "pay", "webhook"]
