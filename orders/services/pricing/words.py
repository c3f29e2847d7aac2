"""What shoppers are told of a deal: one plain sentence each."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from babel.dates import format_time, get_day_names
from django.utils.translation import gettext, gettext_noop, ngettext

from shop.lib.money import Money
from shop.templatetags.shop_text import current_locale, moment, money

Params = Mapping[str, Any]
MOST_NAMES = 4
noop = gettext_noop


def say(code: str, params: Params) -> str:
    return SENTENCES[code](params)


def written(params: Params) -> dict[str, Any]:
    """The figures as they are read: amounts with their currency, moments in the shop's time."""
    return {name: _written(value) for name, value in params.items()}


def _written(value: object) -> object:
    if isinstance(value, Money):
        return money(value.amount, value.currency)
    return moment(value) if isinstance(value, dt.datetime) else value


def applied(params: Params) -> str:
    if not params.get("amount"):
        return gettext("It applies.")
    return gettext("It applies: %(amount)s off.") % written(params)


def lost(params: Params) -> str:
    if not params.get("label"):
        return gettext("Another offer takes more off the same things.")
    return gettext("“%(label)s” takes more off the same things.") % params


def excluded(params: Params) -> str:
    if not params.get("label"):
        return gettext("It can't be combined with your other offers, and those take more off.")
    if "instead" not in params:
        return gettext("It can't be combined with “%(label)s”.") % params
    return gettext("It can't be combined with “%(label)s”, which takes more off.") % params


def too_little(params: Params) -> str:
    if not params.get("missing"):
        return gettext("Your basket is worth too little for it.")
    if params.get("what"):
        return gettext("Spend %(missing)s more on %(what)s and it applies.") % written(params)
    return gettext("Spend %(missing)s more and it applies.") % written(params)


def too_much(params: Params) -> str:
    if not params.get("most"):
        return gettext("Your basket is worth too much for it.")
    if params.get("what"):
        return gettext("It is for at most %(most)s worth of %(what)s.") % written(params)
    return gettext("It is for baskets of at most %(most)s.") % written(params)


def too_few(params: Params) -> str:
    missing = params.get("missing", 1)
    figures = {"missing": missing, "what": params.get("what", "")}
    if not figures["what"]:
        return (
            ngettext(
                "Add %(missing)s more piece and it applies.",
                "Add %(missing)s more pieces and it applies.",
                missing,
            )
            % figures
        )
    return (
        ngettext(
            "Add %(missing)s more piece from %(what)s and it applies.",
            "Add %(missing)s more pieces from %(what)s and it applies.",
            missing,
        )
        % figures
    )


def too_many(params: Params) -> str:
    most = params.get("most")
    if most is None:
        return gettext("There are too many pieces in your basket for it.")
    return ngettext(
        "It is for at most %(most)s piece.", "It is for at most %(most)s pieces.", most
    ) % {"most": most}


def nothing_in_scope(params: Params) -> str:
    if params.get("what"):
        return gettext("It is for %(what)s, and there is none of that in your basket.") % params
    return gettext("It is for other things than those in your basket.")


def not_yet(params: Params) -> str:
    return (
        gettext("It starts on %(at)s.") % written(params)
        if "at" in params
        else gettext("It hasn't started.")
    )


def over(params: Params) -> str:
    return (
        gettext("It ended on %(at)s.") % written(params)
        if "at" in params
        else gettext("It is over.")
    )


def nth_order(params: Params) -> str:
    if "n" not in params:
        return gettext("It isn't for this order.")
    return gettext("It is for your order number %(n)s with us; this is number %(is)s.") % params


def ordered_lately(params: Params) -> str:
    days = params.get("days", 0)
    return ngettext(
        "It is for those who haven't ordered for %(days)s day.",
        "It is for those who haven't ordered for %(days)s days.",
        days,
    ) % {"days": days}


def to_country(params: Params) -> str:
    names = current_locale().territories
    places = [names.get(code, code) for code in params.get("codes", ())]
    if not 0 < len(places) <= MOST_NAMES:
        return gettext("It isn't for deliveries to this country.")
    return gettext("It is for deliveries to %(places)s only.") % {"places": ", ".join(places)}


def sold_out(params: Params) -> str:
    if params.get("name"):
        return gettext("The gift that goes with it, %(name)s, is gone.") % params
    return gettext("The gift that goes with it is gone.")


def at_hours(params: Params) -> str:
    days, hours = _days(params.get("days", ())), _hours(params)
    if days and hours:
        return gettext("It applies on %(days)s, %(hours)s.") % {"days": days, "hours": hours}
    if days or hours:
        return gettext("It applies only %(when)s.") % {
            "when": hours or gettext("on %(days)s") % {"days": days}
        }
    return gettext("It doesn't apply at this hour.")


def _days(days: tuple[int, ...]) -> str:
    names = get_day_names("wide", locale=current_locale())
    return ", ".join(names[day] for day in days)


def _hours(params: Params) -> str:
    start, end = params.get("start"), params.get("end")
    if not (start or end):
        return ""
    shown = {
        name: format_time(time or dt.time.min, "HH:mm", locale=current_locale())
        for name, time in (("start", start), ("end", end))
    }
    return gettext("%(start)s to %(end)s") % shown


def plain(text: str) -> Callable[[Params], str]:
    """A sentence without figures, translated when it is read."""
    return lambda _params: gettext(text)


CERTAIN_CUSTOMERS = noop("It is for certain customers only, when they are signed in.")
SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "applied": applied,
    "lost": lost,
    "excluded": excluded,
    "nothing_left": plain(noop("There is nothing left to take off.")),
    "nothing_in_scope": nothing_in_scope,
    "no_delivery": plain(noop("There is no delivery it could take off.")),
    "unknown": plain(noop("We don't know this code.")),
    "not_yet": not_yet,
    "over": over,
    "used_up": plain(noop("It has been used up.")),
    "used_by_you": plain(noop("You have used it already.")),
    "not_yours": plain(noop("It belongs to somebody's account and works when they are signed in.")),
    "sold_out": sold_out,
    "damaged": plain(noop("This offer can't be used at the moment.")),
    "other_currency": plain(noop("It isn't for this currency.")),
    "not_first_order": plain(noop("It is for first orders only.")),
    "not_nth_order": nth_order,
    "ordered_lately": ordered_lately,
    "too_little": too_little,
    "too_much": too_much,
    "too_few": too_few,
    "too_many": too_many,
    "not_in_group": plain(CERTAIN_CUSTOMERS),
    "not_in_segment": plain(CERTAIN_CUSTOMERS),
    "not_in_market": plain(noop("It isn't for this shop.")),
    "not_to_country": to_country,
    "not_by_channel": plain(noop("It isn't for orders placed this way.")),
    "not_by_method": plain(noop("It is for another way of delivery.")),
    "not_at_this_hour": at_hours,
}
