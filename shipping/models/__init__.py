from shipping.models.fulfilment import Fulfilment, FulfilmentEvent, FulfilmentLine
from shipping.models.method import Method, Rate, Zone

__all__ = ["Fulfilment", "FulfilmentEvent", "FulfilmentLine", "Method", "Rate", "Zone"]
