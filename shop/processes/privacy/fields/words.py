"""How a field with something personal in it is spoken of."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is told by it."""

    NAME = "name"
    CONTACT = "contact"
    ADDRESS = "address"
    NETWORK = "network"
    PAYMENT = "payment"
    BEHAVIOUR = "behaviour"
    WORDS = "words"
    FILE = "file"
    IDENTITY = "identity"


class OnErase(StrEnum):
    """What becomes of it when somebody is forgotten."""

    # Emptied; the row stays.
    BLANK = "blank"
    # Something that names nobody takes its place.
    ANONYMISE = "anonymise"
    # The row goes.
    DELETE = "delete"
    # Tax law says how long.
    KEEP_TAX = "keep_tax"


@dataclass(frozen=True, slots=True)
class Personal:
    """A field that says something about a customer.

    put: what stands in its place afterwards (a value or an expression), for ANONYMISE.
    is_exported: whether the person gets it with everything else; keys and digests tell nothing.
    """

    kind: Kind
    on_erase: OnErase = OnErase.BLANK
    is_exported: bool = True
    put: object = None


Fields = dict[str, Personal]


def blank(kind: Kind, *names: str, is_exported: bool = True) -> Fields:
    return {name: Personal(kind, OnErase.BLANK, is_exported) for name in names}


def delete(kind: Kind, *names: str, is_exported: bool = True) -> Fields:
    return {name: Personal(kind, OnErase.DELETE, is_exported) for name in names}


def keep(kind: Kind, *names: str, is_exported: bool = True) -> Fields:
    return {name: Personal(kind, OnErase.KEEP_TAX, is_exported) for name in names}


def anonymise(kind: Kind, name: str, put: object) -> Fields:
    return {name: Personal(kind, OnErase.ANONYMISE, put=put)}
