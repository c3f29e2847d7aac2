from inventory.admin.batches import BatchAdmin
from inventory.admin.bins import BinAdmin
from inventory.admin.counts import StockCountAdmin
from inventory.admin.feed_changes import FeedChangeAdmin
from inventory.admin.items import StockItemAdmin
from inventory.admin.keys import LicenceKeyAdmin
from inventory.admin.levels import LOW, SOLD_OUT
from inventory.admin.locations import LocationAdmin
from inventory.admin.movements import StockMovementAdmin
from inventory.admin.offers import SupplierOfferAdmin
from inventory.admin.policies import BuyingPolicyAdmin, RoutingAdmin
from inventory.admin.purchase_queues import SUGGESTED, late
from inventory.admin.purchases import PurchaseOrderAdmin
from inventory.admin.supplier_feeds import FeedRunAdmin, SupplierFeedAdmin
from inventory.admin.suppliers import SupplierAdmin
from inventory.admin.transfers import TransferAdmin

__all__ = [
    "LOW",
    "SOLD_OUT",
    "SUGGESTED",
    "BatchAdmin",
    "BinAdmin",
    "BuyingPolicyAdmin",
    "FeedChangeAdmin",
    "FeedRunAdmin",
    "LicenceKeyAdmin",
    "LocationAdmin",
    "PurchaseOrderAdmin",
    "RoutingAdmin",
    "StockCountAdmin",
    "StockItemAdmin",
    "StockMovementAdmin",
    "SupplierAdmin",
    "SupplierFeedAdmin",
    "SupplierOfferAdmin",
    "TransferAdmin",
    "late",
]
