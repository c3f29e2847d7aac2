from inventory.models.alert import StockAlert
from inventory.models.buying import BuyingPolicy
from inventory.models.counting import CountEvent, CountLine, StockCount
from inventory.models.feed import FeedChange, FeedRun, SupplierFeed
from inventory.models.forecast import DemandWeek, Forecast
from inventory.models.item import Batch, BinItem, StockItem, StockMovement
from inventory.models.key import LicenceKey
from inventory.models.location import Bin, Location, Routing
from inventory.models.policy import StockPolicy
from inventory.models.promise import Allocation, Backorder, Reservation, Shortage
from inventory.models.purchase import (
    PurchaseEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
)
from inventory.models.supplier import PriceBreak, Supplier, SupplierContact, SupplierOffer
from inventory.models.transfer import Transfer, TransferEvent, TransferLine
from inventory.models.value import StockSnapshot, Valuation

__all__ = [
    "Allocation",
    "Backorder",
    "Batch",
    "Bin",
    "BinItem",
    "BuyingPolicy",
    "CountEvent",
    "CountLine",
    "DemandWeek",
    "FeedChange",
    "FeedRun",
    "Forecast",
    "LicenceKey",
    "Location",
    "PriceBreak",
    "PurchaseEvent",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptLine",
    "Reservation",
    "Routing",
    "Shortage",
    "StockAlert",
    "StockCount",
    "StockItem",
    "StockMovement",
    "StockPolicy",
    "StockSnapshot",
    "Supplier",
    "SupplierContact",
    "SupplierFeed",
    "SupplierOffer",
    "Transfer",
    "TransferEvent",
    "TransferLine",
    "Valuation",
]
