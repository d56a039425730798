from django.urls import path

from mentoring.views import homework

app_name = "mentoring"

urlpatterns = [
    path("homework/<int:pk>/done/", homework.homework_done, name="homework_done"),
    path("homework/<int:pk>/undone/", homework.homework_undone, name="homework_undone"),
]
