"""What shipping tells the shop: ways of delivery, their prices and days, and where parcels are."""

from shipping.queries.parcels import assigned, assigned_at, has_started, leaves_by
from shipping.queries.pickup import Spot, points_near, where_to
from shipping.queries.rating import Promise, countries_served, deliveries, promise
from shipping.queries.restrictions import blocked
from shipping.queries.terms import Destination, Packed, Packing, Piece, Size
from shipping.queries.tracking import tracking_page

__all__ = [
    "Destination",
    "Packed",
    "Packing",
    "Piece",
    "Promise",
    "Size",
    "Spot",
    "assigned",
    "assigned_at",
    "blocked",
    "countries_served",
    "deliveries",
    "has_started",
    "leaves_by",
    "points_near",
    "promise",
    "tracking_page",
    "where_to",
]
