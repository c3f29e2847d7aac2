from django.urls import path

from support import views

app_name = "support"
urlpatterns = [
    path("help/", views.help_index, name="help"),
    path("help/<slug:slug>/", views.article, name="article"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("contact/", views.contact, name="contact"),
]
