"""Papers of a parcel: made by workers when asked for, from what is on record; nothing is written.

`gathering` reads what is printed, `slips`, `picks`, `labels` and `customs` put it into words, and
`shop.lib.paper` makes the page.
"""

from shipping.services.papers.customs import (
    CustomsMissing,
    NotNeeded,
    Paper,
    asked_for,
    customs,
    kinds,
    paper,
    refuse_missing,
)
from shipping.services.papers.declared import (
    Declared,
    crosses_border,
    declared,
    missing_for_customs,
)
from shipping.services.papers.gathering import parcel_code
from shipping.services.papers.labels import NoLabels, labels
from shipping.services.papers.picks import pick_list, pick_list_of
from shipping.services.papers.slips import packing_slips, slips_of_orders

__all__ = [
    "CustomsMissing",
    "Declared",
    "NoLabels",
    "NotNeeded",
    "Paper",
    "asked_for",
    "crosses_border",
    "customs",
    "declared",
    "kinds",
    "labels",
    "missing_for_customs",
    "packing_slips",
    "paper",
    "parcel_code",
    "pick_list",
    "pick_list_of",
    "refuse_missing",
    "slips_of_orders",
]
