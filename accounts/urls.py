from django.urls import path

from accounts import views
from accounts.views.doors import moved

app_name = "accounts"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("prices/", views.prices, name="prices"),
    path("orders/", views.orders, name="orders"),
    path("stored-value/", views.stored_value, name="stored_value"),
    path("preferences/", views.preferences, name="preferences"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<int:pk>/new/", views.review_new, name="review_new"),
    path("reviews/<int:pk>/remove/", views.review_remove, name="review_remove"),
    path("visits/", views.visit, name="visits"),
    path("stop-viewing/", views.stop_viewing, name="stop_viewing"),
    path("addresses/", views.addresses, name="addresses"),
    path("addresses/new/", views.address_new, name="address_new"),
    path("addresses/<int:pk>/", views.address, name="address"),
    path("addresses/<int:pk>/default/", views.address_default, name="address_default"),
    path("addresses/<int:pk>/remove/", views.address_remove, name="address_remove"),
    path("policies/", views.policies, name="policies"),
    path("visits/answer/", views.visits_answer, name="visits_answer"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/export/", views.privacy_export, name="privacy_export"),
    path("privacy/erase/", views.privacy_erase, name="privacy_erase"),
    path("privacy/<str:number>/", views.privacy_file, name="privacy_file"),
    path("cards/", views.saved_cards, name="saved_cards"),
    path("cards/<int:pk>/remove/", views.saved_card_remove, name="saved_card_remove"),
    path("discount-cards/", views.card_link, name="card_link"),
    # Addresses of before.
    path("sign-in/", moved("account_login")),
    path("sign-out/", moved("account_logout")),
    path("password/", moved("account_reset_password")),
    path("password/<str:who>/<str:proof>/", moved("account_reset_password")),
]
