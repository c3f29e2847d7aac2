from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("gift-cards/", views.balance, name="balance"),
    path("orders/<str:number>/payment/", views.pay, name="pay"),
    path("orders/<str:number>/payment/back/", views.back, name="back"),
    path("orders/<str:number>/payment/code.svg", views.transfer_code, name="transfer_code"),
    path("orders/<str:number>/documents/<str:label>.pdf", views.document, name="document"),
    path("webhooks/<slug:provider>/", views.webhook, name="webhook"),
]
