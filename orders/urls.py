from django.urls import include, path

from orders import views

app_name = "orders"
wishlist = [
    path("", views.wishlist, name="wishlist"),
    path("shared/<str:key>/", views.wishlist_shared, name="wishlist_shared"),
    path("lines/", views.wishlist_line_create, name="wishlist_line_create"),
    path("lines/<int:line_id>/removal/", views.wishlist_line_remove, name="wishlist_line_remove"),
    path("lines/<int:line_id>/list/", views.wishlist_line_move, name="wishlist_line_move"),
    path("lines/<int:line_id>/basket/", views.wishlist_line_buy, name="wishlist_line_buy"),
    path("lists/", views.wishlist_create, name="wishlist_create"),
    path("lists/restoration/", views.wishlist_restore, name="wishlist_restore"),
    path("lists/<int:list_id>/name/", views.wishlist_rename, name="wishlist_rename"),
    path("lists/<int:list_id>/sharing/", views.wishlist_share, name="wishlist_share"),
    path("lists/<int:list_id>/removal/", views.wishlist_remove, name="wishlist_remove"),
    path("lists/<int:list_id>/basket/", views.wishlist_buy, name="wishlist_buy"),
]
urlpatterns = [
    path("cart/", views.cart_detail, name="cart"),
    path("cart/lines/", views.cart_line_create, name="cart_line_create"),
    path("cart/lines/<int:line_id>/", views.cart_line_update, name="cart_line_update"),
    path("cart/lines/<int:line_id>/swap/", views.cart_line_swap, name="cart_line_swap"),
    path("cart/codes/", views.cart_code_create, name="cart_code_create"),
    path("cart/codes/<int:code_id>/removal/", views.cart_code_remove, name="cart_code_remove"),
    path("cart/estimate/", views.cart_estimate, name="cart_estimate"),
    path("checkout/", views.checkout, name="checkout"),
    path("wishlist/", include(wishlist)),
    path("orders/lookup/", views.lookup, name="lookup"),
    path("downloads/<str:token>/", views.download, name="download"),
    path("orders/<str:number>/", views.order_detail, name="order"),
]
