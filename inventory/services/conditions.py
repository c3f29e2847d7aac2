"""How variants are bought: how long a delivery takes, how sure the shop wants to be, what for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from inventory.models import BuyingPolicy, StockPolicy, SupplierOffer
from inventory.queries.lead_times import Delivered, lead_times
from inventory.services.reorder import Lead, Terms

# A supplier's promise weighs as many deliveries, and is this uncertain by itself.
PROMISED_WEIGHS, PROMISED_SHARE = 3, 0.2


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """By variant. values: what it sold in a year, in the books' currency."""

    leads: Mapping[int, Lead]
    terms: Mapping[int, Terms]
    values: Mapping[int, float]


def conditions(
    *, variant_ids: Collection[int], policy: BuyingPolicy, values: Mapping[int, float]
) -> Conditions:
    """Four queries."""
    rows = StockPolicy.objects.filter(variant__in=variant_ids)
    own = {row.variant_id: row for row in rows}
    leads = {row.variant_id: Lead(days=row.lead_days) for row in own.values()}
    usual = Lead(days=StockPolicy().lead_days)
    offers = SupplierOffer.objects.filter(
        variant__in=variant_ids, is_preferred=True, is_active=True
    ).select_related("supplier")
    record = lead_times({offer.supplier_id for offer in offers})
    for offer in offers:
        promised = offer.lead_days if offer.lead_days is not None else offer.supplier.lead_days
        leads[offer.variant_id] = expected(promised, record.get(offer.supplier_id))
    return Conditions(
        leads={one: leads.get(one, usual) for one in variant_ids},
        terms={one: _terms(policy, own.get(one)) for one in variant_ids},
        values=values,
    )


def expected(promised: int, delivered: Delivered | None) -> Lead:
    """What was promised, moved towards what happened the more deliveries there were."""
    doubt = (promised * PROMISED_SHARE) ** 2
    if delivered is None:
        return Lead(days=promised, sigma=doubt**0.5)
    count = delivered.count + PROMISED_WEIGHS
    days = (delivered.count * delivered.mean + PROMISED_WEIGHS * promised) / count
    variance = (delivered.count * delivered.sigma**2 + PROMISED_WEIGHS * doubt) / count
    return Lead(days=days, sigma=variance**0.5)


def _terms(policy: BuyingPolicy, own: StockPolicy | None) -> Terms:
    level = own.service_level if own and own.service_level is not None else policy.service_level
    return Terms(
        service_level=float(level), review_days=policy.review_days, cover_days=policy.cover_days
    )
