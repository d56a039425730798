"""The admin: the admins' own tool, in Japanese, behind the same sign-in as everything else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class BansoAdminSite(AdminSite):
    site_header = _("伴走 管理")
    site_title = _("伴走 管理")
    index_title = _("管理の入口")

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second door: the one sign-in has the rate limits and the second factor."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or self.index_path(), "account_login")

    @staticmethod
    def index_path() -> str:
        from django.urls import reverse  # the URL configuration imports this module

        return reverse("admin:index")


class BansoAdminConfig(AdminConfig):
    default_site = "config.admin_site.BansoAdminSite"
