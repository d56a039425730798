from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import clock
from core.admin import OwnedAdmin, OwnedForm
from foundations.models import Staff
from grantees.models import Invitation, Membership
from grantees.services.invitations import (
    InvitationClosed,
    Status,
    invite,
    resend_invitation,
    revoke_invitation,
    status_of,
)

STATUS_WORDS = {
    Status.OPEN: _("お返事を待っています"),
    Status.USED: _("受けていただきました"),
    Status.REVOKED: _("取り消しました"),
    Status.EXPIRED: _("期限が過ぎました"),
}


class InvitationForm(OwnedForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        data = self.cleaned_data
        role, organisation = data.get("role"), data.get("organisation")
        if role in Staff.Role.values and organisation is not None:
            self.add_error(
                "organisation", ValidationError(gettext("財団の役割に招くときは、団体を空にしてください。"))
            )
        if role in Membership.Role.values and organisation is None:
            self.add_error("organisation", ValidationError(gettext("どの団体に招くかを選んでください。")))
        if not self.errors and self._is_worn():
            self.add_error("email", ValidationError(gettext("この方は、同じ役割をすでにお持ちです。")))
        return cleaned

    def _is_worn(self) -> bool:
        data = self.cleaned_data
        owner = (
            Q(organisation=data["organisation"]) if data["organisation"] else Q(foundation=data["foundation"])
        )
        hats: Any = Membership.objects if data["organisation"] else Staff.objects
        return bool(
            hats.active()
            .filter(owner, user__email__iexact=data["email"], role=data["role"], ends_on__isnull=True)
            .exists()
        )


class StatusFilter(admin.SimpleListFilter):
    title = _("ようす")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(status), word) for status, word in STATUS_WORDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        unused = {"accepted_at__isnull": True, "revoked_at__isnull": True}
        filters: dict[str | None, dict[str, Any]] = {
            "open": {**unused, "expires_at__gt": clock.now()},
            "expired": {**unused, "expires_at__lte": clock.now()},
            "used": {"accepted_at__isnull": False},
            "revoked": {"revoked_at__isnull": False},
        }
        return queryset.filter(**filters.get(self.value(), {}))


@admin.register(Invitation)
class InvitationAdmin(OwnedAdmin):
    related = ("foundation", "organisation", "invited_by", "accepted_by")
    changeable = False
    add_words = _("招待を送る")
    form = InvitationForm
    notice = _(
        "保存すると、この方に招待のメールが届きます。リンクは7日のあいだ、1回だけ使えます。"
        "送りなおしと取り消しは、一覧で選んで行います。"
    )
    list_display = ("email", "name", "place", "role", "status", "expires_at", "invited_by")
    list_filter = (StatusFilter, "role")
    search_fields = ("email", "name", "organisation__search_key")
    date_hierarchy = "created_at"
    autocomplete_fields = ("organisation",)
    actions = ("resend", "revoke")
    fields = ("foundation", "organisation", "role", "title", "name", "email")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        return (*self.fields, "status", "expires_at", "invited_by", "created_at", "accepted_at",
                "accepted_by", "revoked_at")  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj is not None else ()

    @admin.display(description=_("招く先"))
    def place(self, invitation: Invitation) -> str:
        return str(invitation.organisation or invitation.foundation.short_name)

    @admin.display(description=_("ようす"))
    def status(self, invitation: Invitation) -> str:
        return str(STATUS_WORDS[status_of(invitation)])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        data = form.cleaned_data
        sent = invite(
            foundation=data["foundation"],
            organisation=data["organisation"],
            email=data["email"],
            role=data["role"],
            name=data["name"],
            title=data["title"],
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk, obj.email, obj.created_at = sent.pk, sent.email, sent.created_at

    @admin.action(description=_("新しいリンクを送りなおす"))
    def resend(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, resend_invitation, gettext("送りなおしました"))

    @admin.action(description=_("招待を取り消す"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._each(request, queryset, revoke_invitation, gettext("取り消しました"))

    def _each(self, request: HttpRequest, queryset: QuerySet[Any], act: Any, done: str) -> None:
        count, closed = 0, []
        for invitation in queryset:
            try:
                act(invitation=invitation, by=request.user)
                count += 1
            except InvitationClosed as problem:
                closed.append(f"{invitation.email}（{STATUS_WORDS[problem.status]}）")
        if count:
            words = ngettext("%(count)d件の招待を%(done)s。", "%(count)d件の招待を%(done)s。", count)
            self.message_user(request, words % {"count": count, "done": done}, messages.SUCCESS)
        if closed:
            words = gettext("次の招待はそのままです: %(emails)s")
            self.message_user(request, words % {"emails": "、".join(closed)}, messages.WARNING)
