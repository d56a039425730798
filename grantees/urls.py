from django.urls import path

from grantees import views

app_name = "grantees"

urlpatterns = [
    path("hats/switch/", views.hat_switch, name="hat_switch"),
]
