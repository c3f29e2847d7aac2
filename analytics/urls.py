from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("orders/", views.orders, name="orders"),
    path("orders.csv", views.orders_csv, name="orders_csv"),
    path("tax/", views.tax, name="tax"),
    path("tax/orders/", views.tax_orders, name="tax_orders"),
    path("tax/<slug:name>.csv", views.tax_csv, name="tax_csv"),
    path("<slug:name>.csv", views.panel_csv, name="panel_csv"),
]
