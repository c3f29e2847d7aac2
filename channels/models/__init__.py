from channels.models.feed import Feed, FeedRejection, FeedRun
from channels.models.key import ApiCall, ApiKey
from channels.models.marketplace import ImportedOrder, Marketplace, OrderImport
from channels.models.webhook import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "ApiCall",
    "ApiKey",
    "Feed",
    "FeedRejection",
    "FeedRun",
    "ImportedOrder",
    "Marketplace",
    "OrderImport",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
