"""A transfer to the shop as a picture that banking apps read (EPC069-12, euro alone)."""

import io

import segno.helpers
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from orders.models import Order
from payments.services import methods, payments

CURRENCY = "EUR"


@require_GET
def transfer_code(request: HttpRequest, number: str) -> HttpResponse:
    """For whoever holds the order's key, while a transfer is waited for."""
    order = get_object_or_404(Order, number=number)
    is_open = order.currency == CURRENCY and methods.waits_for_transfer(order)
    if not order.opens_with(request.GET.get("t", "")) or not is_open:
        raise Http404
    bank = settings.SHOP["bank"]
    code = segno.helpers.make_epc_qr(
        name=bank["account_name"][:70],
        iban=bank["iban"].replace(" ", ""),
        bic=bank["bic"],
        amount=payments.left_to_pay(order),
        text=order.number,
    )
    picture = io.BytesIO()
    code.save(picture, kind="svg", scale=4, border=4, light="#fff")
    # A part that is paid changes the sum: not kept for long.
    headers = {"Cache-Control": "private, max-age=60", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers=headers)
