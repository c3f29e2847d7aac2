"""The texts people agree to: which are in force, which came before, and who agreed to what."""

import datetime as dt
from collections.abc import Iterable

from accounts.models import Customer, PolicyAcceptance, PolicyVersion
from shop.lib import rulebook


def in_force(*, now: dt.datetime) -> list[PolicyVersion]:
    """The version of each policy that counts now."""
    found = {
        one.slug: one for one in rulebook.kept("policies", _policies) if one.published_at <= now
    }
    return [found[slug] for slug in sorted(found)]


def _policies() -> list[PolicyVersion]:
    """Every version, the later ones last."""
    return list(PolicyVersion.objects.order_by("published_at", "pk"))


def versions(*, slug: str, now: dt.datetime) -> list[PolicyVersion]:
    """Every version there has been, the first one first: its place is its number."""
    published = PolicyVersion.objects.filter(slug=slug, published_at__lte=now)
    return list(published.order_by("published_at", "pk"))


def to_agree(*, customer: Customer, now: dt.datetime) -> list[PolicyVersion]:
    """Versions that ask people who agreed to an older one to agree again. One query, mostly."""
    asking = [one for one in in_force(now=now) if _asks(one, customer)]
    if not asking:
        return []
    agreed = customer.policy_acceptances.filter(policy__in=asking)
    done = set(agreed.values_list("policy_id", flat=True))
    return [one for one in asking if one.pk not in done]


def _asks(policy: PolicyVersion, customer: Customer) -> bool:
    """Who came later has known no other."""
    return policy.asks_again and policy.published_at > customer.created_at


def agree(*, customer: Customer, policies: Iterable[PolicyVersion], now: dt.datetime) -> None:
    """Write down that somebody agreed; agreeing twice is agreeing once."""
    PolicyAcceptance.objects.bulk_create(
        [PolicyAcceptance(customer=customer, policy=policy, at=now) for policy in policies],
        ignore_conflicts=True,
    )
