from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("prices/", views.prices, name="prices"),
    path("cards/", views.card_link, name="card_link"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password_forgotten, name="password_forgotten"),
    path("password/<str:who>/<str:proof>/", views.password_new, name="password_new"),
]
