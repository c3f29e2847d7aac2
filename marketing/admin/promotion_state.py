"""What a promotion is by now: its place in time, its class, and what it gave away so far."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from marketing.models import Benefit, Coupon, Promotion, PromotionUse
from shop.templatetags.shop_text import moment, money


class State(StrEnum):
    RUNNING = "running"
    PLANNED = "planned"
    OVER = "over"
    OFF = "off"


WORDS: dict[State, str | Promise] = {
    State.RUNNING: lazy("Running"),
    State.PLANNED: lazy("Planned"),
    State.OVER: lazy("Over"),
    State.OFF: lazy("Off"),
}
TONES = {State.RUNNING: "success", State.PLANNED: "info"}
CLASSES: dict[str, str | Promise] = {
    "product": lazy("Product"),
    "order": lazy("Order"),
    "shipping": lazy("Shipping"),
}
# What is taken off whole baskets, unless it is only for some goods.
ON_BASKETS = {Benefit.Kind.PERCENT, Benefit.Kind.FIXED, Benefit.Kind.TIERED}


def state_of(promotion: Promotion, now: dt.datetime) -> State:
    if not promotion.is_active:
        return State.OFF
    if promotion.ends_at is not None and promotion.ends_at <= now:
        return State.OVER
    if promotion.starts_at is not None and promotion.starts_at > now:
        return State.PLANNED
    return State.RUNNING


def in_state(state: str, now: dt.datetime) -> Q:
    over, planned = Q(ends_at__lte=now), Q(starts_at__gt=now)
    found = {
        State.OFF: Q(is_active=False),
        State.OVER: Q(is_active=True) & over,
        State.PLANNED: Q(is_active=True) & planned & ~over,
        State.RUNNING: Q(is_active=True)
        & (Q(starts_at=None) | ~planned)
        & (Q(ends_at=None) | ~over),
    }
    return next((q for name, q in found.items() if name == state), Q())


def told(promotion: Promotion, now: dt.datetime) -> str:
    """What the state means for shoppers, in a sentence."""
    match state_of(promotion, now):
        case State.OFF:
            return _("Nobody gets it until it is switched on.")
        case State.OVER:
            return _("Nobody gets it since %(when)s.") % {"when": moment(promotion.ends_at)}
        case State.PLANNED:
            return _("It begins %(when)s.") % {"when": moment(promotion.starts_at)}
    if promotion.ends_at is not None:
        return _("It runs until %(when)s.") % {"when": moment(promotion.ends_at)}
    return _("It runs until somebody stops it.")


def classes(benefits: Iterable[Benefit]) -> list[str]:
    """ "product", "order", "shipping", as far as each is among what is given."""
    found = {_class(benefit) for benefit in benefits}
    return [name for name in CLASSES if name in found]


def _class(benefit: Benefit) -> str:
    if benefit.kind == Benefit.Kind.SHIPPING:
        return "shipping"
    scope = benefit.params.get("scope") if isinstance(benefit.params, dict) else None
    named = [key for key in scope or {} if key != "without_sale"]
    return "order" if benefit.kind in ON_BASKETS and not named else "product"


def with_figures(rows: "QuerySet[Promotion]") -> "QuerySet[Promotion]":
    """held: orders that hold it now; given: what it took off them by currency; codes: its codes."""
    held = PromotionUse.objects.filter(promotion=OuterRef("pk"), released_at=None).order_by()
    count = held.values("promotion").annotate(n=Count("pk")).values("n")
    sums = (
        held.values("order__currency")
        .annotate(total=Sum("amount"))
        .values(row=JSONObject(currency=F("order__currency"), amount=F("total")))
    )
    codes = Coupon.objects.filter(promotion=OuterRef("pk"), is_active=True).order_by()
    code_count = codes.values("promotion").annotate(n=Count("pk")).values("n")
    return rows.annotate(
        held=Subquery(count),
        given=ArraySubquery(sums),
        code_count=Subquery(code_count),
        first_code=Subquery(codes.filter(batch="", is_card=False).values("code")[:1]),
    )


def uses_words(promotion: Promotion) -> str:
    """ "3 of 10", or "3" without a limit."""
    held = getattr(promotion, "held", None) or 0
    if promotion.usage_limit is None:
        return str(held)
    return _("%(held)s of %(limit)s") % {"held": held, "limit": promotion.usage_limit}


def given_words(promotion: Promotion) -> str:
    """ "£12.40, €3.00"; empty for nothing yet."""
    sums = getattr(promotion, "given", None) or []
    return ", ".join(money(row["amount"], row["currency"]) for row in sums if row["amount"])


def code_words(promotion: Promotion) -> str:
    """The code where it has one, how many where it has many; empty where it wants none."""
    if promotion.is_automatic:
        return ""
    count = getattr(promotion, "code_count", None) or 0
    first = getattr(promotion, "first_code", None)
    if count == 1 and first:
        return str(first)
    return _("%(count)s codes") % {"count": count} if count else _("No code yet")
