from shipping.models.box import Box
from shipping.models.carrier import Carrier, Label, TrackingEvent
from shipping.models.fulfilment import Fulfilment, FulfilmentEvent, FulfilmentLine
from shipping.models.hand_off import HandOff
from shipping.models.method import Method, Rate, Zone
from shipping.models.pickup import PickupPoint, Restriction
from shipping.models.run import BulkRow, BulkRun
from shipping.models.wave import PickTask, PickWave

__all__ = [
    "Box",
    "BulkRow",
    "BulkRun",
    "Carrier",
    "Fulfilment",
    "FulfilmentEvent",
    "FulfilmentLine",
    "HandOff",
    "Label",
    "Method",
    "PickTask",
    "PickWave",
    "PickupPoint",
    "Rate",
    "Restriction",
    "TrackingEvent",
    "Zone",
]
