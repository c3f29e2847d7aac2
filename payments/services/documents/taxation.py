"""Why a line bears the tax it bears: the category machines know, the words the law wants."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models.market import EU
from orders.models import Order

Relief = Order.Relief
STANDARD, ZERO_RATED, EXEMPT, EXPORT = "S", "Z", "E", "G"
REVERSE_CHARGE, WITHIN_UNION = "AE", "K"
# Taxes of territories that have one of their own.
BY_NAME = {"IGIC": "L", "IPSI": "M"}


@dataclass(frozen=True, slots=True)
class Reason:
    """A category of UNTDID 5305, why no tax is charged, and the reason's code (VATEX) if any."""

    category: str
    words: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """What has to be known of one line to say how it is taxed. law: whose, as a country."""

    name: str
    rate: Decimal
    relief: str
    is_goods: bool
    is_voucher: bool
    law: str


def reason_of(supply: Supply) -> Reason:
    """The category of a line, in words of the active language."""
    if supply.is_voucher and not supply.rate:
        return Reason(EXEMPT, _voucher(supply))
    if supply.relief == Relief.REVERSE_CHARGE:
        return _reverse_charge(supply)
    if supply.relief == Relief.EXPORT:
        return _export(supply)
    if supply.relief == Relief.EXEMPT:
        return _exempt(supply)
    if supply.name in BY_NAME:
        return Reason(BY_NAME[supply.name])
    return Reason(STANDARD if supply.rate else ZERO_RATED)


def _reverse_charge(supply: Supply) -> Reason:
    if supply.is_goods:
        return Reason(
            WITHIN_UNION,
            _(
                "Reverse charge: intra-Community supply, exempt under Article 138 of Directive"
                " 2006/112/EC. VAT is to be accounted for by the recipient."
            ),
            "VATEX-EU-IC",
        )
    return Reason(
        REVERSE_CHARGE,
        _(
            "Reverse charge: VAT is to be accounted for by the recipient"
            " (Articles 44 and 196 of Directive 2006/112/EC)."
        ),
        "VATEX-EU-AE",
    )


def _export(supply: Supply) -> Reason:
    if not supply.is_goods:
        return Reason(EXPORT, _("Supplied where the recipient is: no VAT is charged here."))
    if supply.law in EU:
        return Reason(
            EXPORT,
            _("Export: exempt under Article 146 of Directive 2006/112/EC."),
            "VATEX-EU-G",
        )
    if supply.law == "GB":
        return Reason(EXPORT, _("Export: zero-rated (Value Added Tax Act 1994, section 30)."))
    return Reason(EXPORT, _("Export: no VAT is charged here."))


def _exempt(supply: Supply) -> Reason:
    if supply.law in EU:
        return Reason(
            EXEMPT, _("Exempt from VAT under Article 151 of Directive 2006/112/EC."), "VATEX-EU-151"
        )
    return Reason(EXEMPT, _("Exempt from VAT."))


def _voucher(supply: Supply) -> str:
    if supply.law in EU:
        return _(
            "Multi-purpose voucher: VAT falls due when it is used"
            " (Article 30b of Directive 2006/112/EC)."
        )
    return _("Multi-purpose voucher: VAT falls due when it is used.")
