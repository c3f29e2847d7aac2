from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("gift-cards/", views.balance, name="balance"),
    path("orders/<str:number>/payment/", views.pay, name="pay"),
    path("orders/<str:number>/payment/back/", views.back, name="back"),
    path("webhooks/<slug:provider>/", views.webhook, name="webhook"),
]
