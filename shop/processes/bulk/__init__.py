"""Runs: one action on many orders, worked off by a worker, with a line of report for each."""

from shop.processes.bulk.asking import MOST, RunRefused, ask, asked_by, is_over, stop
from shop.processes.bulk.handlers import FINISHERS, HANDLERS
from shop.processes.bulk.parcels import parcels_of
from shop.processes.bulk.terms import Finisher, Handler
from shop.processes.bulk.working import work

__all__ = [
    "FINISHERS",
    "HANDLERS",
    "MOST",
    "Finisher",
    "Handler",
    "RunRefused",
    "ask",
    "asked_by",
    "is_over",
    "parcels_of",
    "stop",
    "work",
]
