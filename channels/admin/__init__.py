from channels.admin.feeds import FeedAdmin, FeedRejectionAdmin, FeedRunAdmin
from channels.admin.keys import ApiKeyAdmin
from channels.admin.marketplaces import ImportedOrderAdmin, MarketplaceAdmin, OrderImportAdmin
from channels.admin.webhook_log import WebhookDeliveryAdmin, WebhookEventAdmin
from channels.admin.webhooks import WebhookEndpointAdmin

__all__ = [
    "ApiKeyAdmin",
    "FeedAdmin",
    "FeedRejectionAdmin",
    "FeedRunAdmin",
    "ImportedOrderAdmin",
    "MarketplaceAdmin",
    "OrderImportAdmin",
    "WebhookDeliveryAdmin",
    "WebhookEndpointAdmin",
    "WebhookEventAdmin",
]
