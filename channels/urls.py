from django.urls import re_path

from channels import views

app_name = "channels"
urlpatterns = [
    re_path(r"^(?P<name>[a-z][a-z0-9-]*)\.(?P<ending>xml|csv)$", views.feed, name="feed"),
]
