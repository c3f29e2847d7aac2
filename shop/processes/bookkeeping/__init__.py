"""Bookkeeping: do the numbers that should agree, agree?"""

from shop.processes.bookkeeping.promises import Finding, Invariant, Level
from shop.processes.bookkeeping.reconcile import INVARIANTS, reconcile

__all__ = ["INVARIANTS", "Finding", "Invariant", "Level", "reconcile"]
