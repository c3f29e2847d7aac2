"""The map: every field that can hold text, an address, a file or JSON, and what is personal in it.

A test compares it with the models: a new field has to be put into it before it can be used.
"""

from shop.processes.privacy.fields.colleagues import COLLEAGUES
from shop.processes.privacy.fields.impersonal import IMPERSONAL
from shop.processes.privacy.fields.people import PEOPLE
from shop.processes.privacy.fields.trade import TRADE
from shop.processes.privacy.fields.words import Kind, OnErase, Personal

__all__ = ["COLLEAGUES", "FIELDS", "NOT_PERSONAL", "Kind", "OnErase", "Personal"]

# By model and field.
FIELDS: dict[str, dict[str, Personal]] = PEOPLE | TRADE
# The rest, by model: names of fields in one line.
NOT_PERSONAL: dict[str, frozenset[str]] = {
    model: frozenset(f"{IMPERSONAL.get(model, '')} {COLLEAGUES.get(model, '')}".split())
    for model in IMPERSONAL.keys() | COLLEAGUES.keys()
}
