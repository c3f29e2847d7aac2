"""The words of runs: what is done with a row, and what is made of all of them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from shipping.models import BulkRow, BulkRun

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """What a run does with one row; returns words for the report, raises Refused for a no.

    is_atomic: done in the transaction that writes the row, so exactly once; no network in it.
    Otherwise it keeps its own transactions, may be called twice for a row when a worker dies in
    between, and has to say "already" the second time.
    """

    do: Callable[[BulkRow, Options, User | None, dt.datetime], str]
    is_atomic: bool = True


# The file that a run makes, by name; None: nothing to print.
Finisher = Callable[[BulkRun, dt.datetime], tuple[str, bytes] | None]
