"""Weekly demand carried on: plain arrays in, plain arrays out."""

from inventory.services.forecasting.engine import Outlook, forecast

__all__ = ["Outlook", "forecast"]
