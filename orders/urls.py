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
back = [
    path("returns/<str:number>/", views.return_start, name="return_start"),
    path("returns/<str:number>/<str:rma_number>/", views.return_detail, name="return"),
    path("returns/<str:number>/<str:rma_number>/label/", views.return_label, name="return_label"),
    path(
        "returns/<str:number>/<str:rma_number>/posting/", views.return_posted, name="return_posted"
    ),
    path(
        "returns/<str:number>/<str:rma_number>/cancellation/",
        views.return_cancel,
        name="return_cancel",
    ),
    path("claims/<str:number>/", views.claim_start, name="claim_start"),
    path("claims/<str:number>/<str:claim_number>/", views.claim_detail, name="claim"),
    path(
        "claims/<str:number>/<str:claim_number>/cancellation/",
        views.claim_cancel,
        name="claim_cancel",
    ),
    path("withdraw/", views.withdraw, name="withdraw"),
]
urlpatterns = [
    path("", include(back)),
    path("cart/", views.cart_detail, name="cart"),
    path("cart/lines/", views.cart_line_create, name="cart_line_create"),
    path("cart/lines/<int:line_id>/", views.cart_line_update, name="cart_line_update"),
    path("cart/lines/<int:line_id>/swap/", views.cart_line_swap, name="cart_line_swap"),
    path("cart/codes/", views.cart_code_create, name="cart_code_create"),
    path("cart/codes/<int:code_id>/removal/", views.cart_code_remove, name="cart_code_remove"),
    path("cart/estimate/", views.cart_estimate, name="cart_estimate"),
    path("checkout/", views.in_turn(views.checkout), name="checkout"),
    path("checkout/queue/", views.queue, name="queue"),
    path("wishlist/", include(wishlist)),
    path("orders/lookup/", views.lookup, name="lookup"),
    path("downloads/<str:token>/", views.download, name="download"),
    path("orders/<str:number>/", views.order_detail, name="order"),
    path("orders/<str:number>/cancellation/", views.order_cancel, name="order_cancel"),
    path("orders/<str:number>/address/", views.order_address, name="order_address"),
    path("orders/<str:number>/again/", views.order_again, name="order_again"),
    path("orders/<str:number>/offer/", views.offer, name="offer"),
    path(
        "orders/<str:number>/lines/<int:line_id>/choice/",
        views.shortage_choice,
        name="shortage_choice",
    ),
]
