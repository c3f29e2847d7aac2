"""What was paid: payments as event logs, refunds, webhooks, one gateway a provider."""
