"""Buying for a business: a VAT number is asked about before anything is priced or ordered."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.vat_numbers import NotAVatNumber, Standing
from orders.forms import CheckoutForm
from shop.lib import limits
from shop.lib.limits import TooOften
from shop.lib.text import clean
from shop.processes import vat


@dataclass(frozen=True, slots=True)
class VatSaid:
    """What the register of VAT numbers answers, in words. tone: as alerts have it."""

    tone: str
    words: str


def prove(request: HttpRequest, form: CheckoutForm) -> VatSaid | None:
    """Ask about the number in the form; what is wrong with it becomes the field's error.

    None without a number. May wait for the register, so never inside a transaction.
    """
    if request.method != "POST":
        return None
    number = clean(str(form["vat_number"].value() or ""))[:20]
    if not number:
        return None
    try:
        limits.check(request, limits.VAT)
    except TooOften as refusal:
        return VatSaid("warn", refusal.message)
    country = str(form["country"].value() or "")[:2]
    try:
        standing = vat.prove(text=number, country=country, now=timezone.now())
    except NotAVatNumber as refusal:
        return VatSaid("bad", refusal.message)
    if standing == Standing.INVALID and form.is_bound:
        form.add_error("vat_number", _unknown())
        return None
    return _told(standing)


def _unknown() -> str:
    return _("The register does not know this VAT number. Correct it, or leave it empty.")


def _told(standing: Standing) -> VatSaid:
    if standing == Standing.VALID:
        return VatSaid("ok", _("The register confirms this VAT number."))
    if standing == Standing.INVALID:
        return VatSaid("bad", _unknown())
    return VatSaid(
        "warn",
        _(
            "Nobody has confirmed this VAT number yet, so VAT is charged. The number goes on your"
            " order, and we ask again."
        ),
    )
