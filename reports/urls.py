from django.urls import path

from reports.views import closing, documents, home

app_name = "reports"

urlpatterns = [
    path("", home.home, name="home"),
    path("sheets/<int:pk>/close/", closing.sheet_close, name="sheet_close"),
    path("sheets/<int:pk>/pdf/", documents.sheet_pdf, name="sheet_pdf"),
    path("documents/<int:pk>/", documents.document, name="document"),
]
