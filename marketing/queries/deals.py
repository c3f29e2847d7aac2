"""Promotions as the engine reads them: what runs by itself, what was entered, what is linked."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q

from accounts.models import Customer
from accounts.services.customers import customer_groups
from catalog.models import Market
from marketing.models import Benefit, Coupon, Promotion, PromotionUse
from marketing.queries.building import built
from marketing.queries.buyers import orders_of, who_of
from marketing.queries.coupons import by_codes, normalised
from marketing.queries.gifts import Look, Shelf, gift_variants, gifts_among, in_all, shelf
from marketing.queries.segments import segments_of
from marketing.queries.stored import Names, Rules, Stored, names_now, running, stored
from orders.services.pricing import Code, Deal, Item, Lane, Reason, Situation
from shop.lib import rulebook
from shop.lib.workdays import shop_zone

__all__ = ["deal_of", "deals", "deals_of", "gift_variants", "gifts_among", "situation"]
GIFT = Benefit.Kind.GIFT


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who wants to use a promotion, when, and how often they have by promotion."""

    customer_id: int | None
    now: dt.datetime
    used: Mapping[int, int] = field(default_factory=dict)


@rulebook.one_moment()
def deals(
    *,
    market: Market,
    codes: Sequence[str],
    customer: Customer | None,
    who: str,
    now: dt.datetime,
    look: Look = in_all,
) -> list[Deal]:
    """What applies by itself, what the codes stand for, and the customer's own cards.

    customer: whoever is signed in; who: `who_of` an address, where one is known. A code that is of
    no use is a deal with a refusal. look: says what there is of gifts. Up to six queries with codes,
    limits, gifts and names.
    """
    coupons = _coupons(codes, customer)
    by_promotion = _one_each(coupons, codes)
    found = running(now=now)
    if by_promotion:
        entered = stored(Promotion.objects.filter(pk__in=by_promotion))
        known = {one.promotion.pk: one for one in (*found, *entered)}
        found = [known[pk] for pk in sorted(known)]
    who = who or (who_of(customer.email) if customer else "")
    asker = _Asker(customer.pk if customer else None, now, _used(found, who))
    made = _made(found, market, now, look)
    usable = [
        _entered(made[one.promotion.pk], one.promotion, by_promotion.get(one.promotion.pk), asker)
        for one in found
    ]
    return [*usable, *_useless(codes, coupons, by_promotion)]


def deals_of(promotions: Iterable[Promotion], *, market: Market, now: dt.datetime) -> list[Deal]:
    """These promotions whatever their schedule and limits, for whoever wants to see what they do."""
    wanted = Promotion.objects.filter(pk__in=[one.pk for one in promotions])
    return list(_made(stored(wanted), market, now).values())


def deal_of(promotion: Promotion, *, market: Market, now: dt.datetime) -> Deal:
    """One promotion whatever its schedule and limits."""
    return deals_of([promotion], market=market, now=now)[0]


def _coupons(codes: Sequence[str], customer: Customer | None) -> list[Coupon]:
    """Those entered, and the cards of the customer."""
    wanted = [code for code in map(normalised, codes) if code]
    if not wanted and customer is None:
        return []
    named = Q(pk__in=by_codes(wanted).values("pk"))
    linked = Q(is_card=True, is_active=True, customer=customer)
    asked = named | linked if customer else named
    return list(Coupon.objects.filter(asked).select_related("promotion").order_by("pk"))


def _one_each(coupons: Iterable[Coupon], codes: Sequence[str]) -> dict[int, Coupon]:
    """The code that counts for each promotion: those entered come first, as they were entered."""
    places = {normalised(code): place for place, code in reversed(list(enumerate(codes)))}
    ordered = sorted(coupons, key=lambda one: (not one.is_active, places.get(one.code, len(codes))))
    chosen: dict[int, Coupon] = {}
    for coupon in ordered:
        chosen.setdefault(coupon.promotion_id, coupon)
    return chosen


def _used(found: Iterable[Stored], who: str) -> dict[int, int]:
    """How many orders of this address hold a use, where that is limited. At most one query."""
    limited = [one.promotion.pk for one in found if one.promotion.per_customer_limit is not None]
    if not (limited and who):
        return {}
    held = PromotionUse.objects.filter(promotion__in=limited, who=who, released_at=None)
    rows = held.values("promotion").annotate(count=Count("pk"))
    return dict(rows.values_list("promotion", "count"))


def _entered(deal: Deal, promotion: Promotion, coupon: Coupon | None, asker: _Asker) -> Deal:
    """The deal with its code, refused when it is not (or no longer) to be had."""
    refusal = _refusal(promotion, coupon, asker) or deal.refusal
    if coupon is None and refusal is deal.refusal:
        return deal
    return replace(deal, code=coupon.code if coupon else "", refusal=refusal)


def _refusal(promotion: Promotion, coupon: Coupon | None, asker: _Asker) -> Reason | None:
    """Why it is not to be had by this asker at this moment, whatever is in the basket."""
    if not promotion.is_active or not (coupon is None or coupon.is_active):
        return Reason(Code.OVER)
    if coupon and coupon.customer_id not in (None, asker.customer_id):
        return Reason(Code.NOT_YOURS)
    if promotion.starts_at and promotion.starts_at > asker.now:
        return Reason(Code.NOT_YET, {"at": promotion.starts_at})
    if promotion.ends_at and promotion.ends_at <= asker.now:
        return Reason(Code.OVER, {"at": promotion.ends_at})
    return _used_up(promotion, coupon, asker)


def _used_up(promotion: Promotion, coupon: Coupon | None, asker: _Asker) -> Reason | None:
    for one in (promotion, coupon):
        if one and one.usage_limit is not None and one.uses >= one.usage_limit:
            return Reason(Code.USED_UP, {"limit": one.usage_limit})
    most = promotion.per_customer_limit
    if most is not None and asker.used.get(promotion.pk, 0) >= most:
        return Reason(Code.USED_BY_YOU, {"limit": most})
    return None


def _useless(
    codes: Sequence[str], coupons: Iterable[Coupon], chosen: Mapping[int, Coupon]
) -> list[Deal]:
    """Entered codes nobody knows, and those beside another one of their promotion."""
    known = {coupon.code: coupon for coupon in coupons}
    counting = {coupon.code for coupon in chosen.values()}
    left = [code for code in dict.fromkeys(codes) if normalised(code) not in counting]
    return [
        Deal(
            key=-place, name=code, label=code, code=code, refusal=_why(known.get(normalised(code)))
        )
        for place, code in enumerate(left, 1)
    ]


def _why(coupon: Coupon | None) -> Reason:
    if coupon is None:
        return Reason(Code.UNKNOWN)
    return Reason(Code.EXCLUDED, {"by": coupon.promotion.name, "label": coupon.promotion.label})


def _made(
    found: Sequence[Stored], market: Market, now: dt.datetime, look: Look = in_all
) -> dict[int, Deal]:
    """The deals of promotions, by promotion. Up to three queries, for names and gifts."""
    names = names_now(thing for one in found for thing in one.rules.in_scopes)
    given = shelf((one.rules for one in found), market=market, now=now, look=look)
    return {one.promotion.pk: _deal(one, market.currency, names, given) for one in found}


def _deal(found: Stored, currency: str, names: Names, given: Shelf) -> Deal:
    """The deal that a promotion is; refused when its details don't hold here."""
    promotion, rules = found.promotion, found.rules
    bare = Deal(
        key=promotion.pk,
        name=promotion.name,
        label=promotion.label,
        lane=Lane(promotion.lane),
        is_exclusive=promotion.is_exclusive,
        refusal=_unusable(rules, currency),
    )
    if bare.refusal is not None:
        return bare
    said = tuple((thing, names[thing]) for thing in rules.in_scopes if thing in names)
    conditions, benefits = built(found.text, currency, said)
    gifts, missing = _gifts(rules, given)
    return replace(bare, conditions=conditions, benefits=benefits, gifts=gifts, refusal=missing)


def _unusable(rules: Rules, currency: str) -> Reason | None:
    if rules.is_damaged:
        return Reason(Code.DAMAGED)
    if rules.currencies is not None and currency not in rules.currencies:
        return Reason(Code.OTHER_CURRENCY)
    return None


def _gifts(rules: Rules, given: Shelf) -> tuple[tuple[Item, ...], Reason | None]:
    """The lines it adds; and why it gives nothing when what is gone is all it gives."""
    found = [given.item(rule) for rule in rules.benefits if rule.kind == GIFT]
    missing = next((one for one in found if isinstance(one, Reason)), None)
    is_all = len(rules.benefits) == 1
    return tuple(one for one in found if isinstance(one, Item)), missing if is_all else None


def situation(
    *,
    market: Market,
    customer: Customer | None,
    email: str,
    country: str,
    shipping_method: str,
    channel: str,
    now: dt.datetime,
) -> Situation:
    """What is known of whoever buys. Groups and segments are those of the signed-in customer alone.

    email: as typed by now; empty for a guest who has typed none. Up to six queries, one for a guest.
    """
    address = email or (customer.email if customer else "")
    count, last = orders_of(address) if address else (None, None)
    return Situation(
        now=now.astimezone(shop_zone()),
        market=market.pk,
        channel=channel,
        country=country,
        shipping_method=shipping_method,
        groups=customer_groups(customer),
        segments=segments_of(customer, now=now) if customer else frozenset(),
        orders=count,
        last_order_at=last,
    )
