"""A rule's settings as they are kept, read into its sign; and written back as they are kept."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from payments.models import RiskRule
from payments.services.risk import signs
from payments.services.risk.listing import entry
from payments.services.risk.signs import Sign

Params = Mapping[str, Any]
Kind = RiskRule.Kind
BY = ("card", "email", "ip")
CHECKS = ("postcode", "cvc")
LEVELS = ("elevated", "highest")
MOST_HOURS = 24 * 90


class BadParams(ValueError):
    """Raised for settings that make no sign. key: which one; words: what is wrong."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(f"{key}: {words}")
        self.key, self.words = key, words


def read(kind: str, params: Params) -> Sign:
    """The sign of a rule. Raises BadParams."""
    if kind not in READERS:
        raise BadParams("kind", _("There is no such sign."))
    return READERS[kind](params)


def _velocity(params: Params) -> Sign:
    by = _some("by", BY, [params.get("by")])
    return signs.Velocity(
        next(iter(by)), _count(params, "orders", 2, 999), _count(params, "hours", 1, MOST_HOURS)
    )


def _other_country(params: Params) -> Sign:
    return signs.OtherCountry(_texts(params, "fine"))


def _failed_check(params: Params) -> Sign:
    return signs.FailedCheck(_some("checks", CHECKS, params.get("checks")))


def _high_value(params: Params) -> Sign:
    kept = params.get("most")
    if not isinstance(kept, Mapping) or not kept:
        raise BadParams("most", _("Give an amount in at least one currency."))
    try:
        most = {str(currency): Decimal(str(amount)) for currency, amount in kept.items()}
    except InvalidOperation as error:
        raise BadParams("most", _("These are no amounts.")) from error
    if not all(amount.is_finite() and amount >= 0 for amount in most.values()):
        raise BadParams("most", _("These are no amounts."))
    return signs.HighValue(most)


def _disposable(params: Params) -> Sign:
    return signs.DisposableMail(_texts(params, "also"), _texts(params, "fine"))


def _provider(params: Params) -> Sign:
    return signs.ProviderWarns(_some("levels", LEVELS, params.get("levels")))


def _declines(params: Params) -> Sign:
    return signs.Declines(
        _count(params, "declines", 1, 999), _count(params, "hours", 1, MOST_HOURS)
    )


def _listed(params: Params) -> Sign:
    entries = []
    for value in _list(params, "values"):
        try:
            entries.append(entry(value))
        except ValueError as error:
            words = _("“%(value)s” is no e-mail, domain, postcode, address or network.")
            raise BadParams("values", words % {"value": value}) from error
    return signs.Listed(tuple(entries))


def _known(params: Params) -> Sign:
    return signs.KnownCustomer(_count(params, "orders", 1, 999), _count(params, "days", 0, 3650))


READERS: dict[str, Callable[[Params], Sign]] = {
    Kind.VELOCITY: _velocity,
    Kind.COUNTRY_MISMATCH: _other_country,
    Kind.ADDRESS_CHECK: _failed_check,
    Kind.HIGH_VALUE: _high_value,
    Kind.DISPOSABLE_MAIL: _disposable,
    Kind.PROVIDER_RISK: _provider,
    Kind.DECLINES: _declines,
    Kind.LISTED: _listed,
    Kind.KNOWN_CUSTOMER: _known,
}


def _count(params: Params, key: str, least: int, most: int) -> int:
    value = params.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        words = _("Give a whole number from %(least)s to %(most)s.")
        raise BadParams(key, words % {"least": least, "most": most})
    return value


def _list(params: Params, key: str) -> list[str]:
    values = params.get(key, [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadParams(key, _("This is no list."))
    return values


def _texts(params: Params, key: str) -> frozenset[str]:
    return frozenset(_list(params, key))


def _some(key: str, known: Iterable[str], values: Any) -> frozenset[str]:
    chosen = frozenset(one for one in known if one in (values or ()))
    if not chosen:
        raise BadParams(key, _("Choose at least one."))
    return chosen
