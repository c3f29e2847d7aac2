from django.urls import path

from orders import views

app_name = "orders"
urlpatterns = [
    path("cart/", views.cart_detail, name="cart"),
    path("cart/lines/", views.cart_line_create, name="cart_line_create"),
    path("cart/lines/<int:line_id>/", views.cart_line_update, name="cart_line_update"),
    path("checkout/", views.checkout, name="checkout"),
    path("orders/lookup/", views.lookup, name="lookup"),
    path("orders/<str:number>/", views.order_detail, name="order"),
]
