"""The admin site: the admins' own tool, in Japanese, behind the same sign-in as everything else."""

import json
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.services import record_act
from core.access import public
from core.admin import OwnedAdmin
from foundations.access import administered_by, may_administer
from foundations.models import FoundationQuerySet

# The index in the order of an admin's work. What is missing here stands in its app's group below.
GROUPS = (
    (
        _("財団と人"),
        (
            "foundations.foundation",
            "foundations.staff",
            "grantees.organisation",
            "grantees.invitation",
            "accounts.user",
        ),
    ),
    (_("基金と助成"), ("grants.fund", "grants.program", "grants.programoutcome", "grants.grant")),
    (
        _("事業設計図"),
        (
            "grants.longtermoutcome",
            "grants.shorttermoutcome",
            "grants.output",
            "grants.outputversion",
            "grants.activity",
            "grants.indicator",
            "grants.indicatorversion",
            "grants.planrevision",
        ),
    ),
    (
        _("一覧から選ぶことば"),
        (
            "grantees.legalform",
            "grants.indicatorunit",
            "mentoring.supportcategory",
            "mentoring.supportmenuitem",
        ),
    ),
    (
        _("毎月の記録（読むだけ）"),
        (
            "mentoring.progresssheet",
            "mentoring.figure",
            "mentoring.sheetevent",
            "mentoring.meeting",
            "mentoring.rowcomment",
            "mentoring.sheetdocument",
            "mentoring.attachment",
            "mentoring.sheetmail",
            "mentoring.intervention",
            "accounts.journalentry",
        ),
    ),
)


class BansoAdminSite(AdminSite):
    site_header = _("伴走 管理")
    site_title = _("伴走 管理")
    index_title = _("管理の入口")
    enable_nav_sidebar = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Pages that other packages bring along know no owner and would show every foundation's rows."""
        if admin_class is not None and issubclass(admin_class, OwnedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    # --- who is let in, and to what ----------------------------------------------------------------------

    def has_permission(self, request: HttpRequest) -> bool:
        """`is_staff` is not enough: the admin's term must be running. Asked once a request."""
        if not hasattr(request, "_may_administer"):
            user: Any = request.user
            request._may_administer = user.is_authenticated and may_administer(user)  # type: ignore[attr-defined]
        return bool(request._may_administer)  # type: ignore[attr-defined]

    def owners_of(self, request: HttpRequest) -> FoundationQuerySet | None:
        """The foundations whose rows this admin meets. None: all of them, for the superuser."""
        user: Any = request.user
        return None if user.is_superuser else administered_by(user)

    def record(self, request: HttpRequest, verb: str, obj: Model, owner: Any, message: Any) -> None:
        """Every change made here stands in the journal, inside the transaction of the change."""
        user: Any = request.user
        changes = json.loads(message) if isinstance(message, str) and message.startswith("[") else message
        record_act(verb=verb, subject=obj, by=user, foundation_id=owner, changes=changes)

    # --- one door ----------------------------------------------------------------------------------------

    @method_decorator(public)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second door: the one sign-in has the rate limits and the second factor."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), "account_login")

    def logout(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]  # a redirect instead of a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one page for it: it mails the owner of the account."""
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Without the shortcut that answers whether any row of any foundation exists."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    # --- the index ---------------------------------------------------------------------------------------

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        if app_label is not None:
            return super().get_app_list(request, app_label)
        apps = self._build_app_dict(request)
        found = {
            f"{label}.{model['object_name'].lower()}": model
            for label, app in apps.items()
            for model in app["models"]
        }
        groups = [
            (gettext(str(name)), [found.pop(key) for key in keys if key in found]) for name, keys in GROUPS
        ]
        groups.append((gettext("そのほか"), list(found.values())))
        return [
            {
                "name": name,
                "app_label": f"group-{number}",
                "app_url": reverse("admin:index", current_app=self.name),
                "has_module_perms": True,
                "models": models,
            }
            for number, (name, models) in enumerate(groups, start=1)
            if models
        ]
