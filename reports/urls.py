from django.urls import path

from reports.views import closing, documents, excel, home, model, plan_import

app_name = "reports"

urlpatterns = [
    path("grants/<int:pk>/model.pdf", model.model_pdf, name="model_pdf"),
    path("grants/<int:pk>/plan/import/", plan_import.plan_import, name="plan_import"),
    path("grants/<int:pk>/plan/import/check/", plan_import.plan_import_check, name="plan_import_check"),
    path("grants/<int:pk>/plan/import/confirm/", plan_import.plan_import_confirm, name="plan_import_confirm"),
    path("grants/<int:pk>/plan/export.xlsx", plan_import.plan_export_xlsx, name="plan_export_xlsx"),
    path("grants/<int:pk>/plan/export.csv", plan_import.plan_export_csv, name="plan_export_csv"),
    path("", home.home, name="home"),
    path("sheets/<int:pk>/close/", closing.sheet_close, name="sheet_close"),
    path("sheets/<int:pk>/mails/", closing.sheet_mails_send, name="sheet_mails_send"),
    path("sheets/<int:pk>/pdf/", documents.sheet_pdf, name="sheet_pdf"),
    path("sheets/<int:pk>/excel/", excel.sheet_excel, name="sheet_excel"),
    path("sheets/<int:pk>/excel/upload/", excel.excel_upload, name="excel_upload"),
    path("sheets/<int:pk>/excel/confirm/", excel.excel_confirm, name="excel_confirm"),
    path("documents/<int:pk>/", documents.document, name="document"),
]
