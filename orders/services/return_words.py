"""The return policy in words: the same on the product, in the checkout and where a return begins."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.models import ReturnRule

Exempt = ReturnRule.Exempt


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """A line for beside the price, and a few sentences."""

    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule says, and whether there is a right of withdrawal."""

    is_final_sale: bool
    window_days: int
    pays_return: str
    allows_exchange: bool
    fee_percent: Decimal
    exempt: str
    is_legal: bool


def of(rule: ReturnRule, *, is_legal: bool) -> PolicyWords:
    """is_legal: there is a right of withdrawal where it goes."""
    terms = Terms(
        rule.is_final_sale,
        rule.window_days,
        rule.pays_return,
        rule.allows_exchange,
        rule.fee_percent,
        rule.exempt,
        is_legal,
    )
    return _of(terms, get_language())


# Every product's page says it, and a shop has few rules.
@lru_cache(maxsize=128)
def _of(rule: Terms, _language: str | None) -> PolicyWords:
    if rule.is_final_sale:
        return PolicyWords(_("Final sale: no returns"), _joined(_final(rule)))
    days = ngettext(
        "Return it within %(days)s day", "Return it within %(days)s days", rule.window_days
    ) % {"days": rule.window_days}
    return PolicyWords(days, _joined([_window(rule), *_terms(rule), *_law(rule)]))


def _joined(sentences: list[str]) -> str:
    return " ".join(one for one in sentences if one)


def _final(rule: Terms) -> list[str]:
    return [_("This can't be returned or exchanged."), *_law(rule)]


def _window(rule: Terms) -> str:
    text = ngettext(
        "You can return it within %(days)s day of delivery.",
        "You can return it within %(days)s days of delivery.",
        rule.window_days,
    )
    return text % {"days": rule.window_days}


def _terms(rule: Terms) -> list[str]:
    is_free = rule.pays_return == ReturnRule.Pays.SHOP
    found = [
        _("Sending it back is free.") if is_free else _("You pay for sending it back."),
        _("You can exchange it.") if rule.allows_exchange else _("It can't be exchanged."),
    ]
    if rule.fee_percent:
        fee = _("We keep %(percent)s %% of its price, unless something was wrong with it.")
        found.append(fee % {"percent": f"{rule.fee_percent.normalize():f}"})
    return found


def _law(rule: Terms) -> list[str]:
    if not rule.is_legal:
        return []
    if rule.exempt == Exempt.SEALED:
        return [_("You may withdraw within 14 days while its seal is unbroken.")]
    if rule.exempt == Exempt.DIGITAL:
        return [_("Your right to withdraw ends once you have used it.")]
    if rule.exempt:
        why = Exempt(rule.exempt).label
        return [_("The right of withdrawal does not apply: %(why)s.") % {"why": why}]
    return [_("You may withdraw within 14 days of delivery without giving a reason.")]
