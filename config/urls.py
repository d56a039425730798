from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import language_choose, sign_out, signed_in_again
from core import views as core_views

urlpatterns = [
    path("healthz", core_views.healthz, name="healthz"),
    path("favicon.ico", core_views.favicon, name="favicon"),
    path("language/", language_choose, name="set_language"),
    # An address is proven by the invitation sent to it; allauth's page would let it be changed unproven.
    path("accounts/email/", RedirectView.as_view(pattern_name="mfa_index"), name="account_email"),
    path("accounts/back/", signed_in_again, name="account_back"),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("grantees.urls")),
    path("", include("grants.urls")),
    path("", include("mentoring.urls")),
    path("", include("reports.urls")),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.page_not_found"
handler500 = "core.views.server_error"
