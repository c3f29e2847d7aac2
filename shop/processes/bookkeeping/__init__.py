"""Bookkeeping: do the numbers that should agree, agree?"""

from shop.processes.bookkeeping.nightly import keep as keep_answer
from shop.processes.bookkeeping.promises import Finding, Invariant, Level
from shop.processes.bookkeeping.reconcile import INVARIANTS, reconcile

__all__ = ["INVARIANTS", "Finding", "Invariant", "Level", "keep_answer", "reconcile"]
