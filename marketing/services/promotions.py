"""Promotions as staff write them: checked in words, told in words, counted anew."""

from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Count, F, Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketing.models import Benefit, Condition, Coupon, Promotion
from marketing.queries.params import BadParams, Values, read_benefit, read_condition
from marketing.queries.promotion_words import describe, descriptions
from marketing.queries.stored import Names, Rule, Stored, names_of, stored
from shop.lib.errors import Refused
from shop.lib.locks import locked

__all__ = [
    "BadParams",
    "check_benefit",
    "check_benefits",
    "check_condition",
    "describe",
    "descriptions",
    "limits_changed",
    "problems",
]


def check_condition(*, kind: str, params: object) -> None:
    """Raise BadParams, in words by field, unless these are the details of such a condition."""
    read_condition(kind, params)


def check_benefit(*, kind: str, params: object) -> None:
    """Raise BadParams, in words by field, unless these are the details of such a benefit."""
    read_benefit(kind, params)


def check_benefits(*, kinds: Sequence[str]) -> None:
    """Raise Refused unless a promotion with benefits of these kinds gives something."""
    if not kinds:
        raise Refused(_("Say what it gives: a promotion needs at least one benefit."))


def problems(promotions: Iterable[Promotion]) -> dict[int, list[str]]:
    """What is wrong with promotions as they are stored, in words; only those with something.

    Shoppers are refused what is damaged. Three queries.
    """
    wanted = Promotion.objects.filter(pk__in=[one.pk for one in promotions])
    found = stored(wanted)
    names = names_of(thing for one in found for thing in one.rules.things)
    coded = set(
        Coupon.objects.filter(promotion__in=wanted.values("pk"), is_active=True)
        .order_by()
        .values_list("promotion", flat=True)
        .distinct()
    )
    told = {one.promotion.pk: _problems(one, names, coded) for one in found}
    return {pk: words for pk, words in told.items() if words}


def _problems(found: Stored, names: Names, coded: set[int]) -> list[str]:
    rules = found.rules
    words = [] if rules.benefits else [_("It gives nothing: it has no benefit.")]
    words += [_damage(Condition.Kind, rule, read_condition) for rule in rules.conditions]
    words += [_damage(Benefit.Kind, rule, read_benefit) for rule in rules.benefits]
    if not found.promotion.is_automatic and found.promotion.pk not in coded:
        words.append(_("It wants a code and has none that is on."))
    gone = sum(thing not in names for thing in rules.things)
    if gone:
        words.append(
            ngettext(
                "%(count)s thing it names is deleted by now.",
                "%(count)s things it names are deleted by now.",
                gone,
            )
            % {"count": gone}
        )
    return [one for one in words if one]


def _damage(kinds: type[TextChoices], rule: Rule, read: Callable[[str, object], Values]) -> str:
    """Why a stored rule can't be used; empty when it can."""
    try:
        read(rule.kind, rule.params)
    except BadParams as problem:
        label = str(kinds(rule.kind).label) if rule.kind in kinds.values else rule.kind
        return f"{label}: {problem.message}"
    return ""


@transaction.atomic
def limits_changed(*, promotion_id: int) -> None:
    """Count the uses of a promotion and its codes anew, where they have a limit.

    To be called after limits were written: what was unlimited has not been counted until now.
    """
    promotions = locked(Promotion.objects.filter(pk=promotion_id, usage_limit__isnull=False))
    held = Count("used_by", filter=Q(used_by__released_at=None))
    for promotion in promotions:
        promotion.uses = promotion.used_by.filter(released_at=None).count()
        promotion.save(update_fields=["uses"])
    limited = Coupon.objects.filter(promotion=promotion_id, usage_limit__isnull=False)
    _recount(limited.annotate(held=held).exclude(uses=F("held")).values_list("pk", flat=True))


def _recount(coupon_ids: Iterable[int]) -> None:
    coupons = locked(Coupon.objects.filter(pk__in=list(coupon_ids)))
    for coupon in coupons:
        coupon.uses = coupon.used_by.filter(released_at=None).count()
    Coupon.objects.bulk_update(coupons, ["uses"], batch_size=1_000)
