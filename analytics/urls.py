from django.urls import path

from analytics import views

app_name = "analytics"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("orders/", views.orders, name="orders"),
    path("orders.csv", views.orders_csv, name="orders_csv"),
    path("<slug:name>.csv", views.panel_csv, name="panel_csv"),
]
