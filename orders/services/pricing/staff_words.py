"""What staff are told of a deal: what shoppers read, with names and figures where there are some."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.services.pricing import words
from orders.services.pricing.words import Params, written
from shop.lib.money import Money
from shop.templatetags.shop_text import money


def say(code: str, params: Params) -> str:
    fuller = SENTENCES.get(code)
    return fuller(params) if fuller else words.say(code, params)


def applied(params: Params) -> str:
    amount, offered = params.get("amount"), params.get("offered")
    if not amount or not offered or offered == amount:
        return words.applied(params)
    return _(
        "Takes off %(amount)s; it would be %(offered)s, but on some lines another promotion of "
        "its lane takes more."
    ) % written(params)


def lost(params: Params) -> str:
    if "offered" not in params:
        return words.lost(params)
    if params["instead"] == params["offered"]:
        return _(
            "“%(by)s” takes off just as much of the same lines (%(instead)s); of equal ones the "
            "older promotion applies."
        ) % written(params)
    return _(
        "“%(by)s” takes %(instead)s off the same lines in the same lane; this one would take off "
        "%(offered)s, %(more)s less."
    ) % {**written(params), "more": _less(params["instead"], params["offered"])}


def excluded(params: Params) -> str:
    if "offered" not in params:
        return words.excluded(params)
    less = _less(params["instead"], params["together"])
    if not params.get("by"):
        return _(
            "It combines with nothing and would take off %(offered)s; the others together take "
            "off %(instead)s, %(less)s more."
        ) % {**written(params), "less": less}
    return _(
        "“%(by)s” combines with nothing and takes off %(instead)s alone; without it this one "
        "would take off %(offered)s, and %(together)s would be taken off in all, %(less)s less."
    ) % {**written(params), "less": less}


def damaged(_params: Params) -> str:
    return _("Its conditions or benefits can't be read: open and save it anew.")


def used_up(params: Params) -> str:
    if not params.get("limit"):
        return words.say("used_up", params)
    return ngettext(
        "It was for %(limit)s order, and that has been placed.",
        "It was for %(limit)s orders, and they have been placed.",
        params["limit"],
    ) % {"limit": params["limit"]}


def used_by_you(params: Params) -> str:
    if not params.get("limit"):
        return words.say("used_by_you", params)
    return ngettext(
        "This customer has used it %(limit)s time, as often as anybody may.",
        "This customer has used it %(limit)s times, as often as anybody may.",
        params["limit"],
    ) % {"limit": params["limit"]}


def too_little(params: Params) -> str:
    if not params.get("least"):
        return words.too_little(params)
    return _("It wants goods worth %(least)s%(from)s; %(missing)s is missing.") % {
        **written(params),
        "from": _from(params),
    }


def too_few(params: Params) -> str:
    if not params.get("least"):
        return words.too_few(params)
    return _("It wants %(least)s pieces%(from)s; %(missing)s missing.") % {
        **written(params),
        "from": _from(params),
    }


def by_codes(code: str) -> Callable[[Params], str]:
    """The shopper's sentence, with the codes that would do."""

    def sentence(params: Params) -> str:
        told = words.say(code, params)
        codes = ", ".join(params.get("codes", ()))
        return _("%(told)s (%(codes)s)") % {"told": told, "codes": codes} if codes else told

    return sentence


def _from(params: Params) -> str:
    return _(" from %(what)s") % params if params.get("what") else ""


def _less(more: Money, less: Money) -> str:
    return money(more.amount - less.amount, more.currency)


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "applied": applied,
    "lost": lost,
    "excluded": excluded,
    "damaged": damaged,
    "used_up": used_up,
    "used_by_you": used_by_you,
    "too_little": too_little,
    "too_few": too_few,
    "not_to_country": by_codes("not_to_country"),
    "not_by_channel": by_codes("not_by_channel"),
    "not_by_method": by_codes("not_by_method"),
}
