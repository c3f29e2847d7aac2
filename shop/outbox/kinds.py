"""The mails whose words staff may change, what they may name in them, and which can be silent."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
# What stands in {braces}, and what is put there.
ORDER: dict[str, Words] = {
    "number": _("the order's number"),
    "name": _("the buyer's name"),
    "total": _("what the order comes to"),
    "day": _("the day it should arrive by"),
    "shop": _("the shop's name"),
}
PARCEL: dict[str, Words] = {
    **ORDER,
    "carrier": _("who carries it"),
    "tracking_number": _("the tracking number"),
    "place": _("where it is fetched"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A mail that staff may word. is_needed: it can't be switched off: the law, or a link in it.

    sms: what a text message about the same says; empty: there is none.
    """

    code: str
    name: Words
    places: dict[str, Words]
    is_needed: bool = False
    sms: Words = ""


def _order(name: str, words: Words, *, is_needed: bool = False) -> Kind:
    return Kind(f"orders/{name}", words, ORDER, is_needed)


def _parcel(code: str, words: Words, sms: Words = "") -> Kind:
    return Kind(code, words, PARCEL, sms=sms)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        _order("order_confirmation", _("Order received"), is_needed=True),
        _order("payment_received", _("Payment received")),
        _order("payment_reminder", _("Payment still open")),
        _order("payment_part_received", _("Part of a payment received")),
        _order("invoice_reminder", _("Invoice still open")),
        _order("order_changed", _("Order changed")),
        _order("order_canceled", _("Order cancelled"), is_needed=True),
        _order("order_refunded", _("Money goes back"), is_needed=True),
        _order("order_short", _("Something is missing"), is_needed=True),
        _order("backorder_ready", _("What was waited for has come")),
        _order("backorder_later", _("What is waited for comes later")),
        _parcel(
            "orders/order_shipped",
            _("Parcel sent"),
            _("{shop}: your order {number} is on its way. {carrier} {tracking_number}"),
        ),
        _parcel(
            "shipping/out_for_delivery",
            _("Parcel arrives today"),
            _("{shop}: your order {number} arrives today."),
        ),
        _parcel(
            "shipping/delivered",
            _("Parcel delivered"),
            _("{shop}: your order {number} has been delivered."),
        ),
        _parcel("shipping/delivery_problem", _("Parcel is held up")),
        _parcel(
            "shipping/ready_to_collect",
            _("Ready to be collected"),
            _("{shop}: your order {number} is ready at {place}. The code is in our mail."),
        ),
        _order("return_requested", _("Return asked for")),
        _order("return_approved", _("Return approved"), is_needed=True),
        _order("return_declined", _("Return declined"), is_needed=True),
        _order("return_received", _("Return received")),
        _order("return_settled", _("Return settled"), is_needed=True),
        _order("return_canceled", _("Return cancelled")),
        _order("return_expired", _("Return never sent")),
        _order("exchange_sent", _("Exchange sent")),
        _order("claim_opened", _("Claim received")),
        _order("claim_decided", _("Claim decided"), is_needed=True),
        _order("withdrawal_receipt", _("Withdrawal received"), is_needed=True),
    )
}
TEXTED = {code: kind for code, kind in KINDS.items() if kind.sms}
