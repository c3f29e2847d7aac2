"""The signs: each reads the facts of an order and says what it sees, or nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payments.services.risk.facts import Facts
from payments.services.risk.listing import Entry
from payments.services.risk.mail_domains import is_disposable, within
from shop.templatetags.shop_text import money

# Cards of these come from one country's banks.
SAME = {
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    **dict.fromkeys(("GF", "GP", "MC", "MQ", "RE", "YT"), "FR"),
}
FAIL = "fail"


class Sign(Protocol):
    def see(self, facts: Facts) -> str:
        """In words what speaks for or against the order; "" when there is nothing to say."""
        ...


@dataclass(frozen=True, slots=True)
class Velocity:
    """Many orders in a short time. by: "card", "email" or "ip"."""

    by: str
    orders: int
    hours: int

    def see(self, facts: Facts) -> str:
        count = 1 + _since(facts.by.get(self.by, ()), facts.placed_at, self.hours)
        if not facts.by.get(self.by) or count < self.orders:
            return ""
        told = {"nth": ordinal(count), "hours": self.hours}
        words = {
            "card": _("%(nth)s order from this card within %(hours)s hours"),
            "email": _("%(nth)s order with this e-mail within %(hours)s hours"),
            "ip": _("%(nth)s order from this internet address within %(hours)s hours"),
        }
        return words[self.by] % told


@dataclass(frozen=True, slots=True)
class OtherCountry:
    """A card of a bank in another country than the delivery. fine: card countries to overlook."""

    fine: frozenset[str] = frozenset()

    def see(self, facts: Facts) -> str:
        for card in facts.cards:
            is_same = SAME.get(card.country, card.country) == SAME.get(facts.country, facts.country)
            if card.country and not is_same and card.country not in self.fine:
                told = {"card": card.country, "delivery": facts.country}
                return _("The card is from %(card)s, delivery goes to %(delivery)s") % told
        return ""


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """The bank compared the postcode or the CVC, and it was another one."""

    checks: frozenset[str]

    def see(self, facts: Facts) -> str:
        names = {"postcode": _("postcode"), "cvc": _("CVC")}
        failed = [
            name
            for check, name in names.items()
            if check in self.checks and any(one.checks.get(check) == FAIL for one in facts.cards)
        ]
        return _("The bank knows another %(what)s") % {"what": ", ".join(failed)} if failed else ""


@dataclass(frozen=True, slots=True)
class HighValue:
    """More than usual. A currency without an amount never counts."""

    most: Mapping[str, Decimal]

    def see(self, facts: Facts) -> str:
        most = self.most.get(facts.currency)
        if most is None or facts.total <= most:
            return ""
        told = {"total": money(facts.total, facts.currency), "most": money(most, facts.currency)}
        return _("%(total)s is more than %(most)s") % told


@dataclass(frozen=True, slots=True)
class DisposableMail:
    """An address that anybody gets for ten minutes. also, fine: the shop's own additions."""

    also: frozenset[str] = frozenset()
    fine: frozenset[str] = frozenset()

    def see(self, facts: Facts) -> str:
        domain = facts.email.rpartition("@")[2]
        if not domain or within(domain, self.fine):
            return ""
        if not (within(domain, self.also) or is_disposable(domain)):
            return ""
        return _("The e-mail is of a throw-away service: %(domain)s") % {"domain": domain}


@dataclass(frozen=True, slots=True)
class ProviderWarns:
    """The card provider's own reckoning."""

    levels: frozenset[str]

    def see(self, facts: Facts) -> str:
        for card in facts.cards:
            if card.risk_level in self.levels:
                return _("The card provider sees a risk: %(level)s") % {"level": card.risk_level}
        return ""


@dataclass(frozen=True, slots=True)
class Declines:
    """Somebody with this e-mail or internet address tried cards that were refused."""

    declines: int
    hours: int

    def see(self, facts: Facts) -> str:
        count = _since(facts.declines, facts.known_at, self.hours)
        if count < self.declines:
            return ""
        return ngettext(
            "%(count)s refused card within %(hours)s hours",
            "%(count)s refused cards within %(hours)s hours",
            count,
        ) % {"count": count, "hours": self.hours}


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody or some place the shop has had trouble with."""

    entries: tuple[Entry, ...]

    def see(self, facts: Facts) -> str:
        found = [one.value for one in self.entries if one.fits(facts)]
        return _("On the shop's own list: %(what)s") % {"what": ", ".join(found)} if found else ""


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """Signed in, and so many parcels of theirs are out for so many days without a dispute."""

    orders: int
    days: int

    def see(self, facts: Facts) -> str:
        if facts.was_disputed:
            return ""
        long_ago = facts.placed_at - dt.timedelta(days=self.days)
        count = sum(at <= long_ago for at in facts.delivered)
        if count < self.orders:
            return ""
        return ngettext(
            "A known customer: %(count)s earlier order went well",
            "A known customer: %(count)s earlier orders went well",
            count,
        ) % {"count": count}


def ordinal(number: int) -> str:
    words = {2: _("Second"), 3: _("Third"), 4: _("Fourth"), 5: _("Fifth"), 6: _("Sixth")}
    return words.get(number) or _("%(number)s.") % {"number": number}


def _since(moments: Iterable[dt.datetime], end: dt.datetime, hours: int) -> int:
    """How many lie in the window: its end counts, its very beginning no longer does."""
    start = end - dt.timedelta(hours=hours)
    return sum(start < at <= end for at in moments)
