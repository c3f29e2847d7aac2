"""The managers' pages. Every figure on them can be followed to the orders it is made of."""

from analytics.views.dashboard import dashboard
from analytics.views.orders import orders, orders_csv
from analytics.views.sheets import panel_csv
from analytics.views.tax import tax, tax_csv, tax_orders

__all__ = ["dashboard", "orders", "orders_csv", "panel_csv", "tax", "tax_csv", "tax_orders"]
