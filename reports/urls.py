from django.urls import path

from reports.views import documents, home

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("sheets/<int:pk>/pdf/", documents.sheet_pdf, name="sheet_pdf"),
    path("documents/<int:pk>/", documents.document, name="document"),
]
