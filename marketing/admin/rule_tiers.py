"""Steps of a tiered promotion, as rows of form fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketing.admin.rule_offers import Offers
from marketing.admin.rule_parts import (
    Fields,
    Params,
    Words,
    amount_field,
    amounts_in,
    count_field,
    percent_field,
)
from marketing.admin.rule_parts import plain as plain_number
from shop.admin.kit import Select

ROWS = 8
LABEL, NEEDED = _("Steps"), _("Fill in at least one step.")
BY = [("amount", _("what the goods are worth")), ("quantity", _("how many pieces there are"))]


@dataclass(frozen=True, slots=True)
class Tiers:
    """From so much on, so much off; the highest step that is reached counts."""

    name: str = "tier"
    key: str = "tiers"
    label: Words = LABEL
    needed: Words = NEEDED
    layout: str = "tiers"

    def fields(self, offers: Offers) -> Fields:
        found: Fields = {
            "tier_by": forms.ChoiceField(
                label=_("Steps go by"),
                choices=BY,
                initial="amount",
                required=False,
                widget=Select(),
            )
        }
        for row in range(ROWS):
            found |= self._row(row, offers)
        return found

    def _row(self, row: int, offers: Offers) -> Fields:
        begins = f"tier_{row}"
        froms = {
            f"{begins}_from_{one}": amount_field(one, _("From %(currency)s") % {"currency": one})
            for one in offers.currencies
        }
        offs = {
            f"{begins}_off_{one}": amount_field(one, _("%(currency)s off") % {"currency": one})
            for one in offers.currencies
        }
        return {
            **froms,
            f"{begins}_units": count_field(_("From pieces"), 1, 9999),
            f"{begins}_percent": percent_field(_("Per cent off")),
            **offs,
        }

    def read(self, params: Params) -> dict[str, Any]:
        found: dict[str, Any] = {"tier_by": params.get("by", "amount")}
        for row, tier in enumerate(params.get("tiers") or ()):
            start, begins = tier.get("from"), f"tier_{row}"
            if isinstance(start, dict):
                found |= {f"{begins}_from_{one}": value for one, value in start.items()}
            else:
                found[f"{begins}_units"] = start
            found[f"{begins}_percent"] = tier.get("percent")
            off = tier.get("amount") or {}
            found |= {f"{begins}_off_{one}": value for one, value in off.items()}
        return found

    def write(self, cleaned: Params) -> dict[str, Any]:
        tiers = [tier for row in range(ROWS) if (tier := self._tier(row, cleaned))]
        return {"by": _by(cleaned), "tiers": tiers} if tiers else {}

    def _tier(self, row: int, cleaned: Params) -> dict[str, Any]:
        start, percent, off = _cells(row, cleaned)
        if not start:
            return {}
        if percent is not None:
            return {"from": start, "percent": plain_number(percent)}
        return {"from": start, "amount": off} if off else {}

    def problems(self, cleaned: Params) -> dict[str, Words]:
        found: dict[str, Words] = {}
        for row in range(ROWS):
            start, percent, off = _cells(row, cleaned)
            if start and percent is None and not off:
                found[f"tier_{row}_percent"] = _("Say what is taken off from here on.")
            elif start and percent is not None and off:
                found[f"tier_{row}_percent"] = _("Either per cent or an amount, not both.")
            elif not start and (percent is not None or off):
                found[f"tier_{row}_percent"] = _("Say from where on.")
        return found


def _by(cleaned: Params) -> str:
    return "quantity" if cleaned.get("tier_by") == "quantity" else "amount"


def _cells(row: int, cleaned: Params) -> tuple[Any, Any, dict[str, str]]:
    """From where on, per cent, amounts."""
    begins = f"tier_{row}"
    start: Any = amounts_in(cleaned, f"{begins}_from_")
    if _by(cleaned) == "quantity":
        start = cleaned.get(f"{begins}_units")
    return start, cleaned.get(f"{begins}_percent"), amounts_in(cleaned, f"{begins}_off_")
