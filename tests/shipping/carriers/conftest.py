import warnings

import pytest

from shipping.carriers import karrio_edge
from shipping.models import Carrier
from tests.shipping.carriers.network import KEYS, Network

# Warns of its own PDF library when it is first imported.
with warnings.catch_warnings(action="ignore"):
    from karrio import lib


@pytest.fixture
def network(monkeypatch, settings):
    """network("ups", wrong=["label"]): from now on, that carrier's servers."""
    settings.CARRIER_KEYS = {**settings.CARRIER_KEYS, **KEYS}
    karrio_edge._tokens.cache_clear()

    def begin(carrier, **how):
        fake = Network(carrier, **how)
        monkeypatch.setattr(lib, "request", fake.request)
        # Loading takes seconds on a busy machine, and only once.
        karrio_edge.gateway(carrier, carrier)
        return fake

    return begin


@pytest.fixture
def account(db):
    """account("ups"): a carrier in the books, with the same code."""

    def make(adapter, **fields):
        return Carrier.objects.create(code=adapter, name=adapter.upper(), adapter=adapter, **fields)

    return make
