"""The letter a gift card comes in, those about an order's money, and the documents with them."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.urls import reverse, set_script_prefix
from django.utils import translation

from catalog.models import Market
from orders.emails import letter
from orders.models import Order
from orders.services.receipts import Row
from payments.models import Document, GrantedRefund, Series, ValueAccount
from payments.services import documents, gift_cards, methods, payments, refund_words
from shop.outbox.mail import Attachment, Letter


def gift_card_letter(card: ValueAccount, *, key: str) -> Letter:
    """What the recipient gets. The kept copy does not show the code. Raises CodeLost."""
    code = gift_cards.code_of(card)
    order = card.line.order if card.line else None
    market = order.market if order else _market(card)
    language = (order and order.language) or (market and market.language) or settings.LANGUAGE_CODE
    return Letter(
        kind="payments/gift_card",
        to=card.recipient_email,
        key=key,
        reference=order.number if order else f"gift-card-{card.pk}",
        language=language,
        context={
            "card": card,
            "code": code,
            "sender": order.name if order else "",
            "shop_url": _absolute("catalog:home", market),
            "balance_url": _absolute("payments:balance", market),
        },
        secret=code,
    )


def _market(card: ValueAccount) -> Market | None:
    """For a card that staff gave: where its currency is the shop's."""
    return Market.objects.in_order().filter(currency=card.currency).first()


def _absolute(name: str, market: Market | None) -> str:
    set_script_prefix(market.prefix if market else "/")
    try:
        return f"{settings.SITE_URL}{reverse(name)}"
    finally:
        set_script_prefix("/")


def money_letter(order: Order, kind: str, *, key: str) -> Letter:
    """A letter about what an order still asks for, or what came of its money.

    From the templates emails/orders/<kind>; they read `amount` (still to pay), `until` and `bank`.
    """
    is_transfer = order.payment_method in (methods.TRANSFER, methods.INVOICE)
    paid = [Row(one.name, one.amount) for one in payments.paid_with(order)]
    return letter(
        order,
        kind,
        key=key,
        paid=paid,
        extra={
            "amount": payments.left_to_pay(order),
            "until": methods.pay_until(order),
            "bank": settings.SHOP["bank"] if is_transfer else None,
        },
    )


def document_letter(document: Document, *, key: str) -> Letter:
    """The letter of a document that no other mail took along."""
    order = document.order
    extra = {"document": document, "is_invoice": document.kind == Series.Kind.INVOICE}
    found = letter(order, "document", key=key, extra=extra)
    return enclosing(replace(found, kind="payments/document"), [document])


def enclosing(found: Letter, enclosed: Iterable[Document]) -> Letter:
    """The letter with documents beside it."""
    with translation.override(found.language):
        attachments = [_attachment(one) for one in enclosed]
    return replace(found, attachments=tuple(attachments))


def _attachment(document: Document) -> Attachment:
    words = f"{document.get_kind_display()} {document.label}"
    pdf = documents.pdf_of(document)
    return Attachment(f"{document.label}.pdf", pdf, "application/pdf", words)


def refund_letter(grant: GrantedRefund, *, key: str) -> Letter:
    """What goes back to the buyer, what for and where to."""
    with translation.override(grant.order.language):
        told = refund_words.told(grant)
    return letter(grant.order, "order_refunded", key=key, extra={"told": told, "grant": grant})


def canceled_letter(order: Order, *, key: str) -> Letter:
    """An order is called off, and where its money goes."""
    with translation.override(order.language):
        refunds = refund_words.of_order(order)
    return letter(order, "order_canceled", key=key, extra={"refunds": refunds})
