"""Picking and packing: units are put down for parcels, fetched, counted, packed and parted."""

from shipping.services.parcels import PickingStarted, WrongState
from shop.processes.assigning import fit, make_room, prepare, withdraw
from shop.processes.picking.boxing import (
    TO_PACK,
    CannotPack,
    NotPicked,
    pack,
    pack_within,
    proposal,
    unpack,
)
from shop.processes.picking.fetching import fetch
from shop.processes.picking.missing import short
from shop.processes.picking.parting import split
from shop.processes.picking.scanning import Picked, WrongPiece, scan
from shop.processes.picking.walking import (
    NothingToPick,
    WaveRefused,
    due,
    give_up,
    make_wave,
    start_wave,
)

__all__ = [
    "TO_PACK",
    "CannotPack",
    "NotPicked",
    "NothingToPick",
    "Picked",
    "PickingStarted",
    "WaveRefused",
    "WrongPiece",
    "WrongState",
    "due",
    "fetch",
    "fit",
    "give_up",
    "make_room",
    "make_wave",
    "pack",
    "pack_within",
    "prepare",
    "proposal",
    "scan",
    "short",
    "split",
    "start_wave",
    "unpack",
    "withdraw",
]
