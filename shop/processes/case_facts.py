"""What we know that speaks for us in a dispute, gathered from everywhere in the shop."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.models import Order
from payments.models import Dispute, GrantedRefund, Payment
from shipping.models import Fulfilment
from shop.outbox.models import Mail
from shop.templatetags.shop_text import money

MOMENT = "j F Y, H:i"


@dataclass(frozen=True, slots=True)
class Known:
    """One thing we know, in as many lines as it takes; none when we know nothing of it."""

    label: str
    lines: tuple[str, ...]


def facts(dispute: Dispute) -> list[Known]:
    """Everything about the order behind a case. Its payment and order must be loaded."""
    order = dispute.payment.order
    found = [
        Known(_("Order"), _order(order)),
        Known(_("Buyer"), tuple(filter(None, (order.name, order.email, order.phone)))),
        Known(_("Sent to"), (*order.address_lines, order.country)),
        Known(_("Ordered from"), tuple(filter(None, (order.ip,)))),
        Known(_("Terms accepted"), (str(order.terms),) if order.terms else ()),
        Known(_("Card"), _card(dispute.payment)),
        Known(_("Goods"), _goods(order)),
        Known(_("Parcels"), tuple(_parcel(one) for one in _parcels(order))),
        Known(_("Mails sent"), _mails(order)),
        Known(_("Earlier orders"), _earlier(order)),
        Known(_("Refunds"), _refunds(order)),
    ]
    return [one for one in found if one.lines]


def draft(dispute: Dispute) -> str:
    """The facts as a text to begin our side with."""
    return "\n\n".join("\n".join((one.label, *one.lines)) for one in facts(dispute))


def _order(order: Order) -> tuple[str, ...]:
    placed = date_format(timezone.localtime(order.placed_at), MOMENT)
    return (f"{order.number}, {placed}, {money(order.total, order.currency)}",)


def _card(payment: Payment) -> tuple[str, ...]:
    card = payment.card
    named = " ".join(str(card[key]) for key in ("brand", "last4", "country") if card.get(key))
    checks = card.get("checks") or {}
    return tuple(filter(None, (named, *(f"{name}: {value}" for name, value in checks.items()))))


def _goods(order: Order) -> tuple[str, ...]:
    rows = order.lines.order_by("position", "pk")
    return tuple(f"{row.quantity} × {row.title} ({row.sku})" for row in rows)


def _parcels(order: Order) -> list[Fulfilment]:
    return list(Fulfilment.objects.filter(order=order).order_by("position", "pk"))


def _parcel(parcel: Fulfilment) -> str:
    sent = parcel.shipped_at and date_format(timezone.localtime(parcel.shipped_at), MOMENT)
    said = (
        parcel.get_status_display(),
        sent,
        parcel.carrier,
        parcel.tracking_number,
        parcel.tracking_url,
    )
    return ", ".join(str(one) for one in said if one)


def _mails(order: Order) -> tuple[str, ...]:
    rows = Mail.objects.filter(reference=order.number).order_by("sent_at", "pk")
    return tuple(
        f"{date_format(timezone.localtime(at), MOMENT)}: {subject} ({to})"
        for at, subject, to in rows.values_list("sent_at", "subject", "to")
    )


def _earlier(order: Order) -> tuple[str, ...]:
    rows = Order.objects.filter(
        email__iexact=order.email, placed_at__lt=order.placed_at, paid_at__isnull=False
    )
    return tuple(
        f"{number}, {date_format(timezone.localtime(at), 'j F Y')}, {money(total, currency)}"
        for number, at, total, currency in rows.order_by("-placed_at").values_list(
            "number", "placed_at", "total", "currency"
        )[:10]
    )


def _refunds(order: Order) -> tuple[str, ...]:
    rows = GrantedRefund.objects.filter(order=order).order_by("granted_at", "pk")
    return tuple(
        f"{date_format(timezone.localtime(one.granted_at), MOMENT)}: "
        f"{money(one.total, order.currency)} ({one.get_kind_display()})"
        for one in rows
    )
