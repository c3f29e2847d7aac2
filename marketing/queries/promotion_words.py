"""What a promotion does, in a plain sentence for staff."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketing.models import Benefit, Condition, Promotion
from marketing.queries.params import Values
from marketing.queries.readers import Amounts, Tier
from marketing.queries.stored import Names, Rule, Stored, name_of, names_of, stored
from orders.services.pricing import Scope
from shop.templatetags.shop_text import current_locale, short_money

C, B = Condition.Kind, Benefit.Kind
HUNDRED = Decimal(100)


def describe(promotion: Promotion) -> str:
    """ "10% off Mugs, at most £20; if the goods are worth £60 or more, for Members"."""
    return descriptions([promotion])[promotion.pk]


def descriptions(promotions: Iterable[Promotion]) -> dict[int, str]:
    """What each of these does, by its id. Two queries, however many."""
    found = stored(Promotion.objects.filter(pk__in=[one.pk for one in promotions]))
    teller = Teller(names_of(thing for one in found for thing in one.rules.things))
    return {one.promotion.pk: teller.promotion(one) for one in found}


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells rules, knowing what the things they name are called."""

    names: Names

    def promotion(self, found: Stored) -> str:
        gives = [self._rule(rule, BENEFITS) for rule in found.rules.benefits]
        asks = [self._rule(rule, CONDITIONS) for rule in found.rules.conditions]
        what = _(" and ").join(gives) or _("nothing")
        said = ", ".join(filter(None, [what, *asks]))
        return said[:1].upper() + said[1:]

    def _rule(self, rule: Rule, words: "Mapping[str, Callable[[Teller, Values], str]]") -> str:
        if rule.values is None:
            return _("something that can't be read")
        return words[rule.kind](self, rule.values)

    # Things

    def of(self, source: str, ids: Iterable[int]) -> str:
        gone = _("(deleted)")
        return _(" or ").join(self.names.get((source, pk), gone) for pk in sorted(ids))

    def goods(self, scope: Scope | None) -> str:
        if scope is None:
            return _("everything")
        sources = (scope.products, scope.categories, scope.collections, scope.choices)
        count = sum(map(len, sources))
        name = name_of(scope, self.names) or self._count(count)
        return _("%(goods)s that is not on sale") % {"goods": name} if scope.without_sale else name

    def _count(self, count: int) -> str:
        return _("chosen goods (%(count)s)") % {"count": count} if count else _("everything")

    # Benefits

    def percent(self, values: Values) -> str:
        words = {"percent": plain(values["percent"]), "goods": self.goods(values["scope"])}
        return capped(_("%(percent)s%% off %(goods)s") % words, values)

    def fixed(self, values: Values) -> str:
        words = {"amount": money(values["amount"]), "goods": self.goods(values["scope"])}
        return _("%(amount)s off %(goods)s") % words

    def fixed_each(self, values: Values) -> str:
        words = {"amount": money(values["amount"]), "goods": self.goods(values["scope"])}
        said = _("%(amount)s off each piece of %(goods)s") % words
        return pieces_at_most(said, values)

    def tiered(self, values: Values) -> str:
        steps = "; ".join(step(one) for one in sorted(values["tiers"], key=start_of))
        words = {"steps": steps, "goods": self.goods(values["scope"])}
        return capped(_("off %(goods)s: %(steps)s") % words, values)

    def groups(self, values: Values) -> str:
        buy, get, goods = values["buy"], values["get"], self.goods(values["scope"])
        is_free = values["percent"] == HUNDRED
        words = {
            "goods": goods,
            "buy": buy,
            "get": get,
            "all": buy + get,
            "percent": plain(values["percent"]),
            "other": self.goods(values["get_scope"]),
        }
        if values["get_scope"] is not None:
            said = _("buy %(buy)s of %(goods)s, get %(get)s of %(other)s %(percent)s%% off") % words
        elif is_free:
            said = _("%(all)s for %(buy)s on %(goods)s, the cheapest free") % words
        else:
            said = _("buy %(buy)s of %(goods)s, get %(get)s more %(percent)s%% off") % words
        return times_at_most(said, values)

    def set_price(self, values: Values) -> str:
        words = {"price": money(values["price"]), "goods": self.goods(values["scope"])}
        return pieces_at_most(_("%(goods)s for %(price)s each") % words, values)

    def shipping(self, values: Values) -> str:
        price = values["price"]
        is_free = values["percent"] == HUNDRED or (price is not None and not any(price.values()))
        if is_free:
            said = _("free delivery")
        elif price is not None:
            said = _("delivery for %(price)s") % {"price": money(price)}
        elif values["amount"] is not None:
            said = _("%(amount)s off delivery") % {"amount": money(values["amount"])}
        else:
            said = _("%(percent)s%% off delivery") % {"percent": plain(values["percent"])}
        methods = ", ".join(sorted(values["methods"] or ()))
        return f"{said} ({methods})" if methods else said

    def gift(self, values: Values) -> str:
        words = {"count": values["quantity"] or 1, "name": self.of("gift", [values["variant"]])}
        return _("%(count)s × %(name)s as a gift") % words

    # Conditions

    def item_total(self, values: Values) -> str:
        what = "" if values["scope"] is None else self.goods(values["scope"])
        words = {"least": money(values["least"] or {}), "most": money(values["most"] or {})}
        return on_goods(between(words, values), what)

    def quantity(self, values: Values) -> str:
        what = _("pieces") if values["scope"] is None else self.goods(values["scope"])
        words = {"least": str(values["least"]), "most": str(values["most"])}
        return f"{between(words, values)} {what}"

    def hours(self, values: Values) -> str:
        names = get_day_names("wide", locale=current_locale())
        days = ", ".join(names[day] for day in sorted(values["days"] or ()))
        said = [_("on %(days)s") % {"days": days}] if days else []
        if values["from"] is not None:
            said.append(_("%(start)s to %(end)s") % _times(values["from"], values["to"]))
        return ", ".join(said)


def _times(start: dt.time, end: dt.time) -> dict[str, str]:
    return {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def plain(number: Decimal) -> str:
    """ "10", "7.5"."""
    return f"{number.normalize():f}"


def money(amounts: Amounts) -> str:
    """ "£20 / €24"."""
    return " / ".join(short_money(amount, currency) for currency, amount in amounts.items())


def capped(said: str, values: Values) -> str:
    cap = values["cap"]
    if cap is None:
        return said
    return _("%(said)s, at most %(cap)s") % {"said": said, "cap": money(cap)}


def pieces_at_most(said: str, values: Values) -> str:
    most = values["most_units"]
    if most is None:
        return said
    more = ngettext("%(said)s, at most %(most)s piece", "%(said)s, at most %(most)s pieces", most)
    return more % {"said": said, "most": most}


def times_at_most(said: str, values: Values) -> str:
    most = values["most_times"]
    if most is None:
        return said
    more = ngettext("%(said)s, at most once", "%(said)s, at most %(most)s times", most)
    return more % {"said": said, "most": most}


def step(tier: Tier) -> str:
    start = str(tier.start) if isinstance(tier.start, int) else money(tier.start)
    off = money(tier.amount) if tier.amount is not None else f"{plain(tier.percent or HUNDRED)}%"
    return _("%(off)s from %(start)s") % {"off": off, "start": start}


def start_of(tier: Tier) -> Decimal:
    return Decimal(tier.start) if isinstance(tier.start, int) else min(tier.start.values())


def between(words: Mapping[str, str], values: Values) -> str:
    if values["most"] is None:
        return _("from %(least)s") % words
    if values["least"] is None:
        return _("up to %(most)s") % words
    return _("from %(least)s to %(most)s") % words


def on_goods(said: str, what: str) -> str:
    return _("%(said)s of %(what)s") % {"said": said, "what": what} if what else said


def nth_order(values: Values) -> str:
    return _("on order number %(n)s") % {"n": values["n"]}


def no_order_for(values: Values) -> str:
    days = values["days"]
    words = ngettext("after %(days)s day", "after %(days)s days", days)
    return _("%(after)s without an order") % {"after": words % {"days": days}}


def codes(values: Values) -> str:
    return ", ".join(sorted(values["codes"]))


def countries(values: Values) -> str:
    names = current_locale().territories
    return ", ".join(sorted(names.get(code, code) for code in values["codes"]))


Told = Mapping[str, Callable[[Teller, Values], str]]
BENEFITS: Told = {
    B.PERCENT: Teller.percent,
    B.FIXED: Teller.fixed,
    B.FIXED_EACH: Teller.fixed_each,
    B.TIERED: Teller.tiered,
    B.GROUPS: Teller.groups,
    B.SET_PRICE: Teller.set_price,
    B.SHIPPING: Teller.shipping,
    B.GIFT: Teller.gift,
}
CONDITIONS: Told = {
    C.FIRST_ORDER: lambda _it, _values: _("on the first order"),
    C.NTH_ORDER: lambda _it, values: nth_order(values),
    C.NO_ORDER_FOR: lambda _it, values: no_order_for(values),
    C.ITEM_TOTAL: Teller.item_total,
    C.QUANTITY: Teller.quantity,
    C.GROUP: lambda it, values: _("for %(who)s") % {"who": it.of("group", values["ids"])},
    C.SEGMENT: lambda it, values: _("for %(who)s") % {"who": it.of("segment", values["ids"])},
    C.MARKET: lambda it, values: _("in %(where)s") % {"where": it.of("market", values["ids"])},
    C.COUNTRY: lambda _it, values: _("to %(where)s") % {"where": countries(values)},
    C.CHANNEL: lambda _it, values: _("by %(channel)s") % {"channel": codes(values)},
    C.SHIPPING_METHOD: lambda _it, values: _("sent by %(method)s") % {"method": codes(values)},
    C.HOURS: Teller.hours,
}
