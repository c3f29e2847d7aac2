"""How an order is paid, as its invoice says it: who paid what on which day, what is still due."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from orders.models import Order
from payments.gateways import gateway
from payments.models import GrantedRefund, Payment, PaymentEvent, ValueAccount
from payments.services.documents.amounts import written
from shop.lib.money import ZERO
from shop.lib.workdays import shop_day

BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}
To = GrantedRefund.To


def of_invoice(order: Order) -> dict[str, Any]:
    """What was paid until now, and how the rest is to be paid."""
    charged = Q(events__kind=PaymentEvent.Kind.CHARGE, events__stage=PaymentEvent.Stage.SUCCESS)
    rows = Payment.objects.filter(order=order, charged__gt=0)
    moments = dict(rows.annotate(at=Max("events__at", filter=charged)).values_list("pk", "at"))
    paid = list(rows.order_by("pk"))
    due = max(ZERO, order.total - sum((one.charged for one in paid), ZERO))
    return {
        "paid": [
            {
                "name": _name(one),
                "amount": written(one.charged, order.currency),
                "on": shop_day(moments[one.pk] or one.created_at).isoformat(),
            }
            for one in paid
        ],
        "due": written(due, order.currency),
        **(_to_pay(order) if due else {}),
    }


def of_addition(order: Order, total: Decimal) -> dict[str, Any]:
    """How what came into an order later is to be paid."""
    due = {"paid": [], "due": written(total, order.currency)}
    if order.payment_method in ("card", "gift_card"):
        return due | {"words": _("To be paid on the page of your order.")}
    return due | _to_pay(order)


def _to_pay(order: Order) -> dict[str, Any]:
    if order.payment_method == "card":
        words = _("Your card is charged when the order is sent.")
    elif order.payment_method == "cash_on_delivery":
        words = _("To be paid when it is delivered.")
    else:
        return {
            "terms": _("To be paid by transfer."),
            "due_on": order.due_on.isoformat() if order.due_on else "",
            "bank": {**settings.SHOP["bank"], "reference": order.number},
        }
    return {"words": words}


def _name(payment: Payment) -> str:
    if brand := payment.card.get("brand", ""):
        return f"{BRANDS.get(brand, brand.title())} …{payment.card.get('last4', '')}"
    name = str(gateway(payment.provider).name)
    if payment.provider == ValueAccount.Kind.GIFT_CARD:
        account = ValueAccount.objects.get(pk=payment.provider_ref.partition("-")[0])
        return f"{name} …{account.last4}"
    return name


def of_credit_note(grant: GrantedRefund) -> dict[str, Any]:
    """Where the money goes, and what of it was never paid."""
    words = {
        To.ORIGIN: _("Paid back the way it was paid."),
        To.STORE_CREDIT: _("Paid back as store credit."),
        To.GIFT_CARD: _("Paid back as a new gift card."),
    }[To(grant.to)]
    currency = grant.order.currency
    back = grant.total - grant.unpaid
    return {
        "paid": [],
        "due": written(ZERO, currency),
        "back": written(back, currency),
        "unpaid": written(grant.unpaid, currency),
        "words": words if back else "",
    }
