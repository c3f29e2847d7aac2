"""Labelling: labels are bought and given back, for parcels and for the way back.

What is asked for is written down and committed first; the carrier is called outside any
transaction; what he says is written in another. So any of it may break off at any point, and the
clock carries on. A carrier who is silent gives way to a label of our own.
"""

from shipping.services.labels import own_carrier
from shop.processes.labelling.buying import NotNow, buy, buy_for_return
from shop.processes.labelling.rows import label_row
from shop.processes.labelling.sweeping import sweep
from shop.processes.labelling.voiding import void

__all__ = ["NotNow", "buy", "buy_for_return", "label_row", "own_carrier", "sweep", "void"]
