"""What every carrier can be asked, and how he answers. Nothing here touches the database."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from shop.lib.errors import Refused


class Silent(Exception):
    """Raised when a carrier gave no answer in time, or none that can be understood."""


class CarrierRefused(Refused):
    """Raised when a carrier said no; `message` has his words."""


@dataclass(frozen=True, slots=True)
class Package:
    """One parcel. Sizes of 0: not known. value: of its goods, for insurance and customs."""

    grams: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    value: Decimal = Decimal(0)
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """Where it comes from or goes to. state: two letters, where a country's addresses have one."""

    name: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str = ""
    company: str = ""
    state: str = ""
    phone: str = ""
    email: str = ""

    @property
    def lines(self) -> list[str]:
        place = " ".join(filter(None, (self.city, self.state, self.postcode)))
        parts = (self.company, self.name, self.line1, self.line2, place)
        return [part for part in parts if part]


@dataclass(frozen=True, slots=True)
class Good:
    """A row of a customs declaration: units of one kind. grams and value: of one unit."""

    sku: str
    words: str
    units: int
    grams: int
    value: Decimal
    hs_code: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is to be carried. goods: only where a customs border is crossed.

    reference: what staff and buyer call it; it is printed on the label.
    """

    service: str
    packages: Sequence[Package]
    sender: Address
    receiver: Address
    reference: str = ""
    goods: Sequence[Good] = ()
    currency: str = ""
    # What shipping was called, to be printed by us.
    words: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A carrier's price for all packages together; days: working days until it is there."""

    service: str
    amount: Decimal
    currency: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    """A label: its number, its file (PDF), and what it cost, where the carrier says."""

    tracking_number: str
    file: bytes
    provider_ref: str = ""
    tracking_url: str = ""
    cost: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What a carrier says of a parcel. status: one of Fulfilment.Tracking; at: by his clock."""

    status: str
    words: str
    place: str
    at: dt.datetime


class Adapter(Protocol):
    """Talks to one carrier. Every method may raise Silent or CarrierRefused."""

    # Whether he tells anything of parcels that are on their way.
    tracks: bool

    def quotes(self, shipment: Shipment, /) -> list[Quoted]:
        """Prices of every service he offers for it."""

    def buy(self, shipment: Shipment, /) -> Bought:
        """Buy a label."""

    def void(self, *, number: str, reference: str) -> None:
        """Give a label back that was never used."""

    def track(self, numbers: Sequence[str], /) -> Mapping[str, list[News]]:
        """All that is known, by tracking number; unknown numbers are left out."""
