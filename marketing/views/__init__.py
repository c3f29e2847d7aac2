"""Asking to be told."""

from marketing.views.alerts import alert, alert_cancellation, alert_confirmation

__all__ = ["alert", "alert_cancellation", "alert_confirmation"]
