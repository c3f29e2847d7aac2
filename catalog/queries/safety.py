"""What an EU market has to be told of a product before it may be offered there.

Regulation (EU) 2023/988, Art. 19: the manufacturer with a postal and an electronic address, a
responsible person in the Union where the manufacturer is outside it, and the warnings in a
language people there understand. What is not sent, such as a file, is not asked for them.
"""

from dataclasses import dataclass

from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from catalog.models import Market, Product, SafetyParty
from catalog.models.market import EU


@dataclass(frozen=True, slots=True)
class Party:
    """Who answers for a product, as its page tells it. address: its lines."""

    name: str
    address: tuple[str, ...]
    contact: str

    @classmethod
    def of(cls, party: SafetyParty) -> "Party":
        return cls(party.name, _lines(party.address), party.contact)


@dataclass(frozen=True, slots=True)
class Safety:
    """The block on a product's page."""

    manufacturer: Party
    responsible: Party | None
    warning: tuple[str, ...]


def missing_for(product: Product, market: Market) -> list[str]:
    """What still keeps a product out of a market, in words; empty when nothing does."""
    if not market.is_in_eu or not product.type.is_shipped:
        return []
    gaps = []
    if product.manufacturer is None:
        gaps.append(_("The manufacturer is not named."))
    elif product.manufacturer.country not in EU and product.responsible is None:
        gaps.append(_("The manufacturer is outside the EU: name a responsible person there."))
    if product.responsible is not None and product.responsible.country not in EU:
        gaps.append(_("The responsible person has to be in the EU."))
    if not product.needs_no_warning and not warning_for(product, market):
        gaps.append(
            _("No warning in the language “%(language)s”, and nobody said that it needs none.")
            % {"language": _language(market)}
        )
    return gaps


def may_be_sold(product: Product, market: Market) -> bool:
    return not missing_for(product, market)


def warning_for(product: Product, market: Market) -> str:
    return str(product.warnings.get(_language(market), "")).strip()


def safety_of(product: Product, market: Market) -> Safety | None:
    """What the page tells; None while no manufacturer is named."""
    if product.manufacturer is None:
        return None
    return Safety(
        Party.of(product.manufacturer),
        Party.of(product.responsible) if product.responsible else None,
        _lines(warning) if (warning := warning_for(product, market)) else (),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(normalize_newlines(text).split("\n"))


def _language(market: Market) -> str:
    return market.language.partition("-")[0]
