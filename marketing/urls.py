from django.urls import path

from marketing.views import alert, alert_cancellation, alert_confirmation, landing

app_name = "marketing"
urlpatterns = [
    path("explore/<slug:slug>/", landing.landing, name="landing"),
    path("alerts/", alert, name="alert"),
    path("alerts/<str:token>/confirmation/", alert_confirmation, name="alert_confirmation"),
    path("alerts/<str:token>/cancellation/", alert_cancellation, name="alert_cancellation"),
]
