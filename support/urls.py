from django.urls import path

from support import views

app_name = "support"
urlpatterns = [
    path("help/", views.help_index, name="help"),
    path("help/<slug:slug>/", views.article, name="article"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("pages/<slug:slug>/versions/", views.policy_versions, name="policy_versions"),
    path("pages/<slug:slug>/versions/<int:number>/", views.policy_version, name="policy_version"),
    path("contact/", views.contact, name="contact"),
]
