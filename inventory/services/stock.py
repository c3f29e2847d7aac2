"""Every change of stock, each with its movement: the doors that the shop uses."""

from inventory.services.allocating import allocate
from inventory.services.changing import change_on_hand, set_on_hand
from inventory.services.damages import damage, mend, scrap
from inventory.services.leaving import consume
from inventory.services.places import default_location
from inventory.services.releasing import release
from inventory.services.shelves import hold
from inventory.services.terms import (
    Changed,
    Filled,
    Left,
    Lot,
    OutOfStock,
    Promised,
    Route,
    Shopper,
    StockRefused,
    Why,
)

__all__ = [
    "Changed",
    "Filled",
    "Left",
    "Lot",
    "OutOfStock",
    "Promised",
    "Route",
    "Shopper",
    "StockRefused",
    "Why",
    "allocate",
    "change_on_hand",
    "consume",
    "damage",
    "default_location",
    "hold",
    "mend",
    "release",
    "scrap",
    "set_on_hand",
]
