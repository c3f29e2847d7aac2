"""What must not be sent somewhere, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from shipping.models import Restriction
from shipping.queries.terms import Piece
from shop.lib import rulebook

IN_CATEGORY = Restriction.categories.through.objects.filter(restriction_id=OuterRef("pk"))
OF_PRODUCT = Restriction.products.through.objects.filter(  # type: ignore[attr-defined]
    restriction_id=OuterRef("pk")
)


@dataclass(frozen=True, slots=True)
class Ban:
    """A restriction in force. Ids of what it is about."""

    countries: frozenset[str]
    is_inverted: bool
    categories: frozenset[int]
    products: frozenset[int]
    reason: str

    def holds(self, piece: Piece, country: str) -> bool:
        if (country in self.countries) == self.is_inverted:
            return False
        return piece.product_id in self.products or bool(self.categories & piece.categories)


def bans() -> tuple[Ban, ...]:
    """All that are in force."""
    return rulebook.kept("bans", _bans)


def _bans() -> tuple[Ban, ...]:
    rows = Restriction.objects.filter(is_active=True).annotate(
        within=ArraySubquery(IN_CATEGORY.values("category_id")),
        named=ArraySubquery(OF_PRODUCT.values("product_id")),
    )
    return tuple(
        Ban(
            frozenset(row.countries),
            row.is_inverted,
            frozenset(row.within),
            frozenset(row.named),
            row.reason,
        )
        for row in rows.order_by("pk")
    )


def blocked(
    *, pieces: Sequence[Piece], country: str, known: Sequence[Ban] | None = None
) -> dict[int, str]:
    """{variant id: the reason} of what may not be sent into the country.

    known: the bans, where they were read before. Otherwise one query.
    """
    found: dict[int, str] = {}
    for ban in bans() if known is None else known:
        for piece in pieces:
            if ban.holds(piece, country):
                found.setdefault(piece.variant_id, ban.reason)
    return found
