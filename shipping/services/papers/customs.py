"""The papers that go with a parcel over a customs border: CN 22 or CN 23, commercial invoice.

In English, as officers everywhere read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shipping.models import Carrier, Fulfilment, Label, Method
from shipping.services.papers.customs_words import page
from shipping.services.papers.declared import (
    Declared,
    crosses_border,
    declared,
    missing_for_customs,
)
from shipping.services.papers.gathering import parcel_code
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.paper import printed

# A CN 22 will do up to 300 special drawing rights (in the books' currency, about) and two kilos.
SMALL_VALUE, SMALL_GRAMS = 270, 2000
CN22, CN23, INVOICE = "cn22", "cn23", "invoice"
# They want an invoice and no postal form.
EXPRESS: Final = (Carrier.Adapter.FEDEX, Carrier.Adapter.UPS, Carrier.Adapter.DHL_EXPRESS)


class CustomsMissing(Refused):
    """Raised when something in a parcel cannot be declared; the message names every SKU."""


class NotNeeded(Refused):
    """Raised for a paper that a parcel does without."""


@dataclass(frozen=True, slots=True)
class Paper:
    """kind: "cn22", "cn23" or "invoice". content: a PDF."""

    kind: str
    name: str
    content: bytes


def kinds(fulfilment: Fulfilment) -> list[str]:
    """Which papers a parcel needs; none where no border is crossed."""
    if not crosses_border(fulfilment):
        return []
    if _adapter(fulfilment) in EXPRESS:
        return [INVOICE]
    return [CN22] if _is_small(fulfilment, declared(fulfilment)) else [CN23, INVOICE]


def customs(fulfilment: Fulfilment) -> list[Paper]:
    """All papers a parcel needs. Raises CustomsMissing, NotPrinted."""
    return [paper(fulfilment, kind) for kind in kinds(fulfilment)]


def asked_for(fulfilment: Fulfilment, kind: str) -> Paper:
    """The paper of a kind that a parcel needs, "form" for its CN 22 or CN 23.

    Raises NotNeeded, CustomsMissing, NotPrinted.
    """
    for needed in kinds(fulfilment):
        if kind == needed or (kind == "form" and needed in (CN22, CN23)):
            return paper(fulfilment, needed)
    raise NotNeeded(_("This parcel needs no such paper."))


def paper(fulfilment: Fulfilment, kind: str) -> Paper:
    """One of them. Raises CustomsMissing, NotPrinted."""
    with translation.override(settings.LANGUAGE_CODE):
        refuse_missing(fulfilment)
        found = page(fulfilment, declared(fulfilment), kind)
    name = f"{parcel_code(fulfilment)}-{kind}.pdf"
    return Paper(kind, name, printed(f"{kind}.typ", found))


def _is_small(fulfilment: Fulfilment, rows: Sequence[Declared]) -> bool:
    value = sum((one.value for one in rows), ZERO) * fulfilment.order.exchange_rate
    grams = fulfilment.grams or sum(one.grams for one in rows)
    return value <= SMALL_VALUE and grams <= SMALL_GRAMS


def _adapter(fulfilment: Fulfilment) -> str:
    """Who carries it: by its label, else by the order's method."""
    bought = fulfilment.labels.filter(status=Label.Status.BOUGHT).select_related("carrier").first()
    if bought:
        return bought.carrier.adapter
    method = Method.objects.filter(code=fulfilment.order.shipping_method)
    provider = method.select_related("provider").first()
    return provider.provider.adapter if provider and provider.provider else ""


def refuse_missing(fulfilment: Fulfilment) -> None:
    """Raises CustomsMissing."""
    if missing := missing_for_customs(fulfilment):
        raise CustomsMissing(" ".join(missing))
